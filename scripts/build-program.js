import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * Bundles the command line and its threads, after build-ts.js: a quarter of the CPU time of a small image was the
 * loading of several hundred modules. The library is not bundled.
 */

const root = join(import.meta.dirname, '..');
const outdir = join(root, 'dist/program');

rmSync(outdir, { recursive: true, force: true });
const common = /** @type {const} */ ({
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  minifyWhitespace: true,
  logLevel: 'warning',
});
// Each command loads only what it needs; the engine's thread loads one file.
const entryPoints = {
  start: join(root, 'dist/cli/start.js'),
  'farm-thread': join(root, 'dist/farm/thread/thread-main.js'),
  'photo-worker': join(root, 'dist/train/photo-worker.js'),
};
await build({ ...common, entryPoints, splitting: true });
await build({ ...common, entryPoints: [join(root, 'dist/node/engine-worker.js')] });
