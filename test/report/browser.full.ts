import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { reportPage } from '#pixrnn/report/html/page.js';
import { sharp } from '#pixrnn/node/image/sharp.js';
import { blobs, noise } from '../../fixtures/draw.js';
import { Browser, CHROMIUM } from './chromium.js';
import { EVIL_NAME, entriesOf } from './entries.js';

// The page in a real browser: Debian's chromium, if installed, or the program that PIXRNN_CHROMIUM names.

const skip = CHROMIUM === null && 'chromium is not installed';
const folder = mkdtempSync(join(tmpdir(), 'pixrnn-page-'));
const path = join(folder, 'report.html');
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
  if (skip) return;
  const entries = await entriesOf([
    ['b10.png', blobs({ width: 300, height: 40 })],
    [EVIL_NAME, noise({ width: 24, height: 20, channels: 1 })],
    ['b9.png', blobs({ width: 64, height: 48 })],
  ]);
  const names = entries.map(({ file }) => file);
  writeFileSync(path, reportPage({ entries, names, failed: 0, made: new Date() }));
});

async function inBrowser(check: (browser: Browser) => Promise<void>, options = {}): Promise<void> {
  const browser = await Browser.open(path, options);
  try {
    await check(browser);
    assert.deepEqual(browser.complaints, [], 'no console messages and no requests');
  } finally {
    await browser.close();
  }
}

const ROWS = '[...document.querySelectorAll(".sortable tbody tr")].map((row) => row.cells[0].textContent.slice(0, 3))';

test('opens offline without errors, with all its pictures', { skip }, () =>
  inBrowser(async (browser) => {
    assert.equal(await browser.evaluate('document.title'), 'pixrnn report');
    const sizes = await browser.evaluate('[...document.images].map((image) => image.naturalWidth)');
    assert.deepEqual(sizes, [300, 300, 24, 24, 64, 64]);
    assert.equal(await browser.evaluate('document.querySelectorAll("script").length'), 1);
    const name = await browser.evaluate('document.querySelectorAll("article h3")[1].textContent');
    assert.equal(name, EVIL_NAME.replace('\n', '\\x0a').replace('\u202e', '\\u202e'));
  }),
);

test('its policy blocks scripts and pictures from outside and from its text', { skip }, async () => {
  const browser = await Browser.open(path);
  try {
    await browser.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.harm = 1">')`);
    await browser.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.harm = 2' }))`,
    );
    await browser.evaluate('new Promise((done) => setTimeout(done, 200))');
    assert.equal(await browser.evaluate('typeof window.harm'), 'undefined');
    assert.equal(await browser.evaluate('fetch("https://example.org/").then(() => "out", () => "kept in")'), 'kept in');
    assert.ok(browser.complaints.some((complaint) => complaint.includes('Content Security Policy')));
  } finally {
    await browser.close();
  }
});

test('a click on a heading sorts by numbers and by names, and a second click reverses the order', { skip }, () =>
  inBrowser(async (browser) => {
    const click = (column: number): Promise<unknown> =>
      browser.evaluate(`document.querySelectorAll('.sortable thead button')[${column}].click()`);
    const sorts = (): Promise<unknown> =>
      browser.evaluate('[...document.querySelectorAll(".sortable th[aria-sort]")].map((th) => th.ariaSort)');
    assert.deepEqual(await browser.evaluate(ROWS), ['b10', '=<s', 'b9.']);
    await click(0);
    assert.deepEqual([await browser.evaluate(ROWS), await sorts()], [['=<s', 'b9.', 'b10'], ['ascending']]);
    await click(1);
    assert.deepEqual(await browser.evaluate(ROWS), ['=<s', 'b9.', 'b10'], 'by pixels');
    await click(1);
    assert.deepEqual([await browser.evaluate(ROWS), await sorts()], [['b10', 'b9.', '=<s'], ['descending']]);
    // By keyboard: the first heading has the focus, Enter sorts.
    await browser.evaluate('document.querySelector(".sortable thead button").focus()');
    await browser.press('Enter');
    assert.deepEqual(await browser.evaluate(ROWS), ['=<s', 'b9.', 'b10']);
    // Red: the gray image has none and comes last in both orders.
    const red = await browser.evaluate(
      '[...document.querySelectorAll(".sortable thead button")].findIndex((b) => b.textContent === "R")',
    );
    for (const end of ['=<s', '=<s']) {
      await click(red as number);
      assert.equal(((await browser.evaluate(ROWS)) as string[]).at(-1), end);
    }
  }),
);

test('picture and map zoom and move together: buttons, keys, wheel, mouse', { skip }, () =>
  inBrowser(async (browser) => {
    const view = async (): Promise<number[]> => {
      const both =
        (await browser.evaluate(`[...document.querySelectorAll('.pair')[0].querySelectorAll('img')].map((image) => {
        const { a, d, e, f } = new DOMMatrix(getComputedStyle(image).transform);
        const { width, height } = image.parentElement.getBoundingClientRect();
        return [a, d, e / width, f / height].map((n) => Math.round(1000 * n) / 1000 || 0);
      })`)) as number[][];
      assert.deepEqual(both[0], both[1], 'both panes show the same');
      return [both[0]![0]!, both[0]![2]!, both[0]![3]!];
    };
    const press = (action: string): Promise<unknown> =>
      browser.evaluate(`document.querySelector('.pair [data-action=${action}]').click()`);
    assert.deepEqual(await view(), [1, 0, 0]);
    await press('in');
    await press('in');
    assert.deepEqual(await view(), [2.25, -0.625, -0.625], 'around the middle');
    assert.equal(await browser.evaluate('document.querySelector(".pair output").textContent'), '× 2.3');
    await press('out');
    assert.equal((await view())[0], 1.5);
    await press('reset');
    assert.deepEqual(await view(), [1, 0, 0]);

    await browser.evaluate('document.querySelectorAll(".pane")[1].focus()');
    for (const key of ['+', '+', 'ArrowRight', 'ArrowUp']) await browser.press(key);
    assert.deepEqual(await view(), [2.25, -0.725, -0.525]);
    for (let i = 0; i < 20; i++) await browser.press('ArrowLeft');
    assert.equal((await view())[1], 0, 'not beyond the edge');
    await browser.press('0');
    assert.deepEqual(await view(), [1, 0, 0]);

    const box = (await browser.evaluate(`(() => { const pane = document.querySelector('.pane'); pane.scrollIntoView();
      const { x, y, width, height } = pane.getBoundingClientRect(); return { x, y, width, height }; })()`)) as {
      [side in 'x' | 'y' | 'width' | 'height']: number;
    };
    const corner = { x: box.x + 1, y: box.y + 1 };
    const mouse = (type: string, more = {}): Promise<unknown> =>
      browser.send('Input.dispatchMouseEvent', { type, ...corner, ...more });
    await browser.evaluate('document.activeElement.blur()');
    const taken = await browser.evaluate(
      '!document.querySelector(".pane").dispatchEvent(new WheelEvent("wheel", { deltaY: -240, cancelable: true }))',
    );
    assert.deepEqual([taken, await view()], [false, [1, 0, 0]], 'the wheel scrolls the page until the pane is clicked');
    const left = { button: 'left', clickCount: 1 };
    await mouse('mousePressed', left);
    await mouse('mouseReleased', left);
    await mouse('mouseWheel', { deltaX: 0, deltaY: -240 });
    const [scale, x, y] = (await view()) as [number, number, number];
    assert.ok(scale === 2 && x > -0.02 && y > -0.1, `around the pointer: ${scale}, ${x}, ${y}`);
    await mouse('mousePressed', left);
    await mouse('mouseMoved', { x: corner.x - box.width / 4, button: 'left', buttons: 1 });
    await mouse('mouseReleased', left);
    const moved = (await view())[1]!;
    assert.ok(Math.abs(moved - x + 0.25) < 0.02, `dragged by a quarter: ${moved - x}`);
  }),
);

test("follows the reader's light or dark colour scheme", { skip }, async () => {
  for (const dark of [false, true]) {
    await inBrowser(
      async (browser) => {
        const { channels } = await sharp(await browser.screenshot()).stats();
        const mean = channels.slice(0, 3).reduce((sum, { mean: value }) => sum + value, 0) / 3;
        assert.ok(dark ? mean < 90 : mean > 160, `mean of the picture: ${mean}`);
        assert.ok(
          ((await browser.evaluate('document.documentElement.scrollWidth')) as number) <= 1280,
          'no sideways scrolling of the page',
        );
      },
      { dark },
    );
  }
});

test('a table wider than the window states how many columns are hidden, on both sides', { skip }, async () => {
  const hint = 'document.querySelector(".more")';
  const outOfView = `(() => {
    const { right } = document.querySelector('.scroll').getBoundingClientRect();
    return [...document.querySelectorAll('.sortable thead th')].filter((th) => th.getBoundingClientRect().right > right + 2).length;
  })()`;
  for (const width of [1000, 390]) {
    await inBrowser(
      async (browser) => {
        const hidden = (await browser.evaluate(outOfView)) as number;
        assert.ok(hidden > 2, `${hidden} at ${width}`);
        assert.equal(await browser.evaluate(`${hint}.textContent`), `${hidden} hidden columns →`);
        const last = `document.querySelector('.scroll').scrollLeft = 1e6; new Promise((done) => setTimeout(done, 100))`;
        await browser.evaluate(last);
        assert.match((await browser.evaluate(`${hint}.textContent`)) as string, /^← \d+ hidden columns$/);
      },
      { width },
    );
  }
  await inBrowser(
    async (browser) => {
      const fits = 'document.querySelector(".fitting").scrollWidth <= document.querySelector(".fitting").clientWidth';
      const second = 'document.querySelectorAll(".more")[1].hidden';
      assert.deepEqual(
        await browser.evaluate(`[${fits}, ${second}]`),
        [true, true],
        'a table in full view has no hint',
      );
    },
    { width: 1400 },
  );
});

test('no text is cut off on a narrow screen', { skip }, async () => {
  for (const width of [390, 1000, 1400]) {
    await inBrowser(
      async (browser) => {
        const cut =
          await browser.evaluate(`[...document.querySelectorAll('h1, h2, h3, p, figcaption, summary, .controls')]
          .filter((element) => element.getClientRects().length > 0)
          .filter((element) => element.getBoundingClientRect().right > innerWidth || element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.textContent)`);
        assert.deepEqual(cut, [], `at ${width}`);
        // A caption would be as wide as the whole table.
        assert.equal(await browser.evaluate('document.querySelectorAll("caption").length'), 0);
        assert.ok(((await browser.evaluate('document.documentElement.scrollWidth')) as number) <= width);
      },
      { width },
    );
  }
});

test('the image shows through the map, at the same place', { skip }, () =>
  inBrowser(async (browser) => {
    const slide = (value: number): Promise<unknown> =>
      browser.evaluate(`{
        const range = document.querySelector('.pair .overlay input');
        range.value = ${value};
        range.dispatchEvent(new Event('input'));
      }`);
    const pane = (): Promise<unknown> =>
      browser.evaluate(`[...document.querySelectorAll('.pair .pane')[1].querySelectorAll('img')].map((image) => {
        const { x, y, width, height } = image.getBoundingClientRect();
        return [Number(image.style.opacity || 1), image.style.transform, x, y, width, height];
      })`);
    assert.equal(((await pane()) as unknown[]).length, 1);
    await browser.evaluate('document.querySelector(".pair [data-action=in]").click()');
    await slide(40);
    await slide(70);
    const [image, map, ...others] = (await pane()) as [opacity: number, ...place: unknown[]][];
    assert.deepEqual([image?.[0], map?.[0], others.length], [1, 0.3, 0]);
    assert.deepEqual(image?.slice(1), map?.slice(1));
    await slide(0);
    assert.equal(((await pane()) as [number][])[1]?.[0], 1);
  }),
);
