import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * Writes the JavaScript of each TypeScript module, without checking types, which would take most of the time of a build:
 * `npm run check` does it.
 *
 *   node scripts/build-ts.js          src/ -> dist/
 *   node scripts/build-ts.js tests    test/, bench/ and so on -> build/
 */

const root = join(import.meta.dirname, '..');
const FOLDERS = ['test', 'bench', 'scripts', 'fixtures', 'examples'];

/**
 * @param {string} folder folder of sources
 * @param {string} outdir folder of their modules
 */
async function compile(folder, outdir) {
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => /\.[jt]s$/.test(path) && !path.endsWith('.d.ts'),
  );
  const entryPoints = modules.map((path) => ({ in: join(folder, path), out: path.replace(/\.[jt]s$/, '') }));
  await build({ entryPoints, outdir, format: 'esm', target: 'node20', logLevel: 'warning' });
}

if (process.argv[2] === 'tests') {
  for (const name of FOLDERS) {
    const outdir = join(root, 'build', name);
    rmSync(outdir, { recursive: true, force: true }); // no test whose source is gone
    await compile(join(root, name), outdir);
  }
} else {
  await compile(join(root, 'src'), join(root, 'dist'));
}
