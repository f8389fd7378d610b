import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { engineCostSvg } from '../../bench/engine-cost-svg.js';
import { Browser, CHROMIUM } from './chromium.js';

const skip = CHROMIUM === null && 'there is no chromium on this machine (Debian: apt-get install chromium)';
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-drawings-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Returns the texts of a drawing that leave its frame, in the widest common sans serif. */
async function cutTexts(svg: string): Promise<unknown> {
  const path = join(folder, 'drawing.html');
  writeFileSync(path, `<!doctype html><style>svg { font-family: 'DejaVu Sans', sans-serif }</style>${svg}`);
  const browser = await Browser.open(path, { width: 1400 });
  try {
    return await browser.evaluate(`(() => {
      const { width, height } = document.querySelector('svg').viewBox.baseVal;
      return [...document.querySelectorAll('svg text')].filter((text) => {
        const box = text.getBBox();
        return box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
      }).map((text) => text.textContent);
    })()`);
  } finally {
    await browser.close();
  }
}

test('no text of the drawings in docs is cut off', { skip }, async () => {
  const drawings = readdirSync('docs').filter((name) => name.endsWith('.svg'));
  assert.ok(drawings.includes('engine-cost.svg'));
  for (const name of drawings) assert.deepEqual(await cutTexts(readFileSync(join('docs', name), 'utf8')), [], name);
});

test('the drawing of engine cost makes room for its longest label', { skip }, async () => {
  const line = (name: string, microseconds: number) => ({
    name,
    macsPerPixel: 1e5,
    points: [16, 64, 512].map((side) => ({ pixels: side * side, seconds: side * side * microseconds * 1e-6 })),
  });
  const names = ['a', 'wide-MWMWMW-names-of-models', 'cifar10-diagonal-bilstm-logistics'];
  const svg = engineCostSvg(
    names.map((name, i) => line(name, 3 + i)),
    'A note.',
  );
  assert.deepEqual(await cutTexts(svg), []);
});
