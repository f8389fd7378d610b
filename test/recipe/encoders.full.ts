import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import sharp from 'sharp';
import { blobs } from '../../fixtures/draw.js';
import { needsProgram } from '../needs.js';
import { recipeBytes } from './exact-files.js';

/* Files of the encoders that a machine has: each comes back, with a recipe of a few bytes. */

const folder = mkdtempSync(join(tmpdir(), 'pixrnn-encoders-'));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

const image = blobs({ width: 203, height: 151 });
const raw = { raw: { width: image.width, height: image.height, channels: 3 as const } };
await sharp(image.samples, raw).png().toFile(path('in.png'));
await sharp(image.samples, raw).gif().toFile(path('in.gif'));
await sharp(image.samples, raw).tiff({ compression: 'none' }).toFile(path('in.tif'));
writeFileSync(path('in.ppm'), Buffer.concat([Buffer.from('P6\n203 151\n255\n'), image.samples]));

/** Programs, their arguments, and the file that they write; null for standard output. */
const encoders: [program: string, check: string, args: string[], output: string | null][] = [
  ...['-O1', '-O3', '--interlace', '--lossy=60', '--colors=30'].map((option): [string, string, string[], string] => [
    'gifsicle',
    '--version',
    [option, path('in.gif'), '-o', path('out.gif')],
    path('out.gif'),
  ]),
  ...['none', 'lzw', 'lzw:2', 'packbits'].flatMap((compression): [string, string, string[], string][] =>
    [[], ['-p', 'separate'], ['-t', '-w', '64', '-l', '48'], ['-B'], ['-8']].map((more) => [
      'tiffcp',
      '-h',
      ['-c', compression, ...more, path('in.tif'), path('out.tif')],
      path('out.tif'),
    ]),
  ),
  ...[['gif'], ['bmp'], ['bmp3'], ['ppm'], ['ppm', '-compress', 'none'], ['tif', '-compress', 'LZW']].map(
    ([format, ...more]): [string, string, string[], string] => [
      'magick',
      '-version',
      [path('in.png'), ...more, `${format}:${path('out')}`],
      path('out'),
    ],
  ),
  ...['gif', 'bmp', 'ppm'].map((format): [string, string, string[], string] => [
    'ffmpeg',
    '-version',
    ['-v', 'error', '-y', '-i', path('in.png'), path(`out.${format}`)],
    path(`out.${format}`),
  ]),
  ['ppmtobmp', '-version', [path('in.ppm')], null],
  ['pnmtoplainpnm', '-version', [path('in.ppm')], null],
];

for (const [program, check, args, output] of encoders) {
  const name = [program, ...args].join(' ').replaceAll(`${folder}/`, '');
  test(name, { skip: needsProgram(program, check) }, async () => {
    const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 2 ** 26 });
    assert.equal(status, 0, stderr.toString());
    const bytes = await recipeBytes(output === null ? stdout : readFileSync(output));
    assert.ok(bytes < 300, `${bytes} bytes`);
  });
}
