import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/*
 * The licences of what the npm package and the single-file program contain, and of what npm installs with the package,
 * from the packages' own metadata and files.
 */

const ROOT = join(import.meta.dirname, '../..');
/** Scripts of the npm package into which others are bundled; `packages: external` keeps them out of all others. */
const WEB_ENTRIES = ['dist/web/worker-main.js', 'dist/web/prnn-img.js'];
/** Scripts of the single-file program. */
const PROGRAM_ENTRIES = ['dist/cli/main.js', 'dist/node/engine-worker.js'];
const WEB_BROTLI = join(ROOT, 'node_modules/brotli-wasm/pkg.web/brotli_wasm.js');
/** Packages that bundles leave out: native code, and what few commands need. */
const LEFT_OUT = ['sharp', 'bullmq', 'ioredis', 'pg', 'arithmetic-coding', '@aws-sdk/*', '@tensorflow/*'];
/** Its standard library is compiled into every WebAssembly module. */
const COMPILER = 'node_modules/assemblyscript';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly peer?: boolean;
  readonly optional?: boolean;
}

/** Returns the text of THIRD-PARTY.md. */
export async function thirdPartyText(): Promise<string> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const web = [...(await bundled(WEB_ENTRIES)), COMPILER].sort();
  const program = [...(await bundled(PROGRAM_ENTRIES)), 'node_modules/brotli-wasm', COMPILER];
  const installed = Object.keys(packages).filter((path) => {
    const { dev, peer, optional } = packages[path]!;
    return path !== '' && !dev && !peer && !optional;
  });
  const native = Object.entries(packages).filter(([path, { optional, peer }]) => {
    return /^node_modules\/@img\//.test(path) && optional && !peer;
  });
  const row = (path: string): string => {
    const { version, license = 'see its text' } = packages[path]!;
    return `| \`${nameOf(path)}\` | ${version} | ${license} |`;
  };
  const table = (paths: readonly string[]): string =>
    ['| Package | Version | Licence |', '| --- | --- | --- |', ...[...new Set(paths)].sort().map(row)].join('\n');
  const licences = [...new Set(native.map(([, { license = '' }]) => license))].sort();
  return `# Third-party notices

Written by \`npm run third-party\` from package-lock.json and the packages. pixrnn itself is under the [MIT licence](LICENSE).

## In the npm package

Parts of these packages are in \`dist/web/worker.js\`, \`dist/web/element.js\`, \`dist/web/brotli.wasm.gz\` and the \`.wasm\` files:

${table(web)}

\`brotli-wasm\` is compiled from the Rust crate \`brotli\` (BSD-3-Clause and MIT).

## In the single-file program

Node.js with all its parts, whose licences its file \`LICENSE\` lists, and parts of these packages:

${table(program)}

## Installed by npm

\`npm install pixrnn\` also installs these packages, each with its licence:

${table(installed)}

\`sharp\` loads libvips and its dependencies as shared libraries from one of the packages \`@img/sharp-*\` for the system (${licences.join('; ')}). libvips is under the LGPL 3.0 or later: it is not part of pixrnn's package or of the single-file program, and can be replaced by another build of
it. The sources and licences of all its parts are listed at https://github.com/lovell/sharp-libvips.

## Licence texts

${licenceTexts([...new Set([...web, ...program])].sort())}
`;
}

/** Returns the folders of the packages of which parts are bundled into scripts. */
async function bundled(entries: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: entries.map((entry) => join(ROOT, entry)),
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'unused',
    format: 'esm',
    platform: entries === WEB_ENTRIES ? 'browser' : 'node',
    alias: { 'brotli-wasm/pkg.web/brotli_wasm.js': WEB_BROTLI },
    external: LEFT_OUT,
    absWorkingDir: ROOT,
    logLevel: 'error',
  });
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const paths = parts.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return [...new Set(paths.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []))];
}

function nameOf(path: string): string {
  return path.replace(/^.*node_modules\//, '');
}

/** Returns the texts of licences and notices, each once, with the packages that it belongs to. */
function licenceTexts(paths: readonly string[]): string {
  const owners = new Map<string, string[]>();
  for (const path of paths) {
    const folder = join(ROOT, path);
    const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
    if (files.length === 0) throw new Error(`${path} has no licence text`);
    for (const file of files.sort()) {
      const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
      owners.set(text, [...(owners.get(text) ?? []), nameOf(path)]);
    }
  }
  return [...owners].map(([text, names]) => `### ${names.join(', ')}\n\n\`\`\`text\n${text}\n\`\`\``).join('\n\n');
}
