import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type PngOptions } from 'sharp';
import { runMain } from '../options.js';
import { type BrowserPages, openChromium } from './chromium-canvas.js';
import {
  type Encode,
  type Encoders,
  fastPng,
  jsquash,
  type Load,
  lodepng,
  napiCanvas,
  napiImage,
  type Picture,
  pngjs,
  upng,
} from './npm-encoders.js';

const HELP = `Writes OUT/<encoder>/<picture>.png with the encoders of npm packages, sharp and Chromium.
A package that is missing is skipped with a line. A picture that an encoder does not support is left out.

node build/bench/exact/encode-node.js --pictures DIR --out DIR [--packages DIR] [--only PREFIX]
`;

async function readPicture(path: string): Promise<Picture> {
  const png = await readFile(path);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const rgba = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  const { width, height, channels } = info;
  const depth = png[24] === 16 ? 16 : 8;
  return { png, width, height, depth, channels, samples: data, rgba };
}

const withSharp =
  (options: PngOptions): Encode =>
  // Without a colour space sharp turns 16-bit gray into 8 bits.
  async ({ png, depth, channels }) => {
    const image = sharp(png);
    if (depth === 16) image.toColourspace(channels < 3 ? 'grey16' : 'rgb16');
    return image.png(options).toBuffer();
  };

function sharpEncoders(): Encoders {
  return {
    sharp: withSharp({}),
    'sharp-1': withSharp({ compressionLevel: 1 }),
    'sharp-9': withSharp({ compressionLevel: 9 }),
    'sharp-adaptive': withSharp({ adaptiveFiltering: true }),
    'sharp-palette': withSharp({ palette: true }),
    'sharp-interlaced': withSharp({ progressive: true }),
  };
}

function chromium(pages: BrowserPages): Encoders {
  return {
    'chromium-canvas': ({ png }) => pages.encode(png, true),
    'chromium-opaque': ({ png }) => pages.encode(png, false),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pictures: { type: 'string' },
      out: { type: 'string' },
      packages: { type: 'string', default: '.' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  const { pictures, out, packages, only } = values;
  if (values.help || pictures === undefined || out === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const require = createRequire(resolve(packages, 'package.json'));
  const load: Load = <T>(name: string) => require(name) as T;
  const names = (await readdir(pictures)).filter((name) => name.endsWith('.png') && !name.endsWith('-crop.png')).sort();
  const sources = await Promise.all(names.map((name) => readPicture(join(pictures, name))));
  const pages = await openChromium();
  const groups: readonly (readonly [string, () => Promise<Encoders> | Encoders])[] = [
    ['sharp', sharpEncoders],
    ['pngjs', () => pngjs(load)],
    ['fast-png', () => fastPng(packages)],
    ['upng-js', () => upng(load)],
    ['@napi-rs/image', () => napiImage(load)],
    ['@napi-rs/canvas', () => napiCanvas(load)],
    ['@jsquash/png', () => jsquash(packages)],
    ['@cwasm/lodepng', () => lodepng(load)],
    ['chromium', () => (pages ? chromium(pages) : {})],
  ];
  try {
    for (const [group, make] of groups) {
      try {
        for (const [name, encode] of Object.entries(await make())) {
          if (!name.startsWith(only)) continue;
          await mkdir(join(out, name), { recursive: true });
          for (const [index, source] of sources.entries()) {
            const target = join(out, name, names[index] ?? '');
            if (existsSync(target)) continue;
            const coded = await encode(source);
            if (coded !== null) await writeFile(target, coded);
          }
          process.stdout.write(`${name}\n`);
        }
      } catch (error) {
        process.stdout.write(`${group}: skipped, ${(error as Error).message.split('\n')[0]}\n`);
      }
    }
    if (!pages)
      process.stdout.write('chromium: skipped, it is not installed (PIXRNN_CHROMIUM names another browser)\n');
  } finally {
    await pages?.close();
  }
}

await runMain(main);
