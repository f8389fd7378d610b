/*
 * The examples of pixrnn/web, built by three bundlers and as they are, run in browsers.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { serve } from '../../scripts/static-server.js';
import { BROWSERS } from './browsers.js';
import { untilText } from './page-actions.js';

const ROOT = join(import.meta.dirname, '../../..');
const HTML = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>pixrnn/web</title>
<body><script type="module" src="app.js"></script></body>`;

/** How each bundler is run, in the folder of its example. */
const BUNDLERS: readonly { readonly name: string; readonly build: (folder: string, output: string) => string[] }[] = [
  { name: 'vite', build: (_, output) => [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--outDir', output] },
  {
    name: 'webpack',
    build: (folder, output) => {
      const run = `import webpack from 'webpack';
        import config from ${JSON.stringify(join(folder, 'webpack.config.js'))};
        webpack({ ...config, context: ${JSON.stringify(folder)}, output: { ...config.output, path: ${JSON.stringify(output)} } }, (error, stats) => {
          if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
        });`;
      writeFileSync(join(folder, 'run.mjs'), run);
      return [join(folder, 'run.mjs')];
    },
  },
  { name: 'esbuild', build: (folder, output) => [join(folder, 'build.js'), output] },
];

describe('the examples of pixrnn/web', () => {
  let folder: string;
  before(() => {
    // A project that has installed the package.
    folder = mkdtempSync(join(tmpdir(), 'pixrnn-examples-'));
    cpSync(join(ROOT, 'examples/web'), folder, { recursive: true });
    const packages = join(folder, 'node_modules');
    mkdirSync(packages);
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (!name.startsWith('.')) symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
    }
    symlinkSync(ROOT, join(packages, 'pixrnn'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { name, build: commandOf } of BUNDLERS) {
    it(`is built by ${name} and runs`, async () => {
      const output = join(folder, `${name}-output`);
      const own = join(folder, name);
      const { status, stdout, stderr } = spawnSync('node', commandOf(own, output), { cwd: own, encoding: 'utf8' });
      assert.equal(status, 0, stdout + stderr);
      if (name !== 'vite') writeFileSync(join(output, 'index.html'), HTML);
      const site = await serve(output);
      try {
        for (const { skip, start } of BROWSERS) {
          if (skip) continue;
          const browser = await start();
          const page = await browser.open();
          await page.goto(site.url);
          await untilText(page, ', restored', 120);
          assert.deepEqual(page.messages, []);
          await browser.close();
        }
      } finally {
        await site.close();
      }
    });
  }

  it('is tree-shakeable: a page that imports one error class holds nothing else', async () => {
    const contents = `import { PixrnnError } from ${JSON.stringify(join(ROOT, 'dist/web/index.js'))}; console.log(PixrnnError);`;
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: ROOT },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
    });
    assert.ok(outputFiles[0]!.contents.length < 600, `${outputFiles[0]!.contents.length} bytes`);
  });

  it('has no import of another package', () => {
    const imports = /from\s*['"]([^'"]+)['"]/g;
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const [, target] of readFileSync(path, 'utf8').matchAll(imports)) {
        assert.match(target!, /^\.\.?\//, `${path} imports ${target}`);
        follow(join(path, '..', target!));
      }
    };
    follow(join(ROOT, 'dist/web/index.js'));
    follow(join(ROOT, 'dist/web/element.js'));
  });
});
