import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * Bundles the command line and the thread of the engine, after `tsc`: a quarter of the CPU time of a small image was the
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
  logLevel: 'warning',
});
// Each command loads only what it needs; the thread loads one file.
await build({ ...common, entryPoints: [join(root, 'dist/cli/start.js')], splitting: true });
await build({ ...common, entryPoints: [join(root, 'dist/node/engine-worker.js')] });
