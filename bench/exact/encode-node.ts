import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sharp, { type PngOptions } from 'sharp';
import { runMain } from '../options.js';
import { type BrowserPages, openChromium } from './chromium-canvas.js';

const HELP = `Writes OUT/<encoder>/<picture>.png with the encoders of npm packages, sharp and Chromium.
A package that is missing is skipped with a line. A picture that an encoder does not support is left out.

node build/bench/exact/encode-node.js --pictures DIR --out DIR [--packages DIR] [--only PREFIX]
`;

interface Picture {
  readonly png: Buffer;
  readonly width: number;
  readonly height: number;
  readonly depth: 8 | 16;
  readonly channels: 1 | 2 | 3 | 4;
  /** 8-bit samples with `channels` channels; palettes are expanded. */
  readonly samples: Buffer;
  readonly rgba: Buffer;
}

/** Returns a PNG file; null if the encoder does not support the picture. */
type Encode = (picture: Picture) => Promise<Uint8Array | null> | Uint8Array | null;
type Encoders = Readonly<Record<string, Encode>>;

async function readPicture(path: string): Promise<Picture> {
  const png = await readFile(path);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const rgba = await sharp(png).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  const { width, height, channels } = info;
  const depth = png[24] === 16 ? 16 : 8;
  return { png, width, height, depth, channels: channels as Picture['channels'], samples: data, rgba };
}

const withSharp = (options: PngOptions): Encode =>
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

/** Loads packages of another folder than this project's. */
type Load = <T>(name: string) => T;

function pngjs(load: Load): Encoders {
  interface Pngjs {
    PNG: { sync: { write(image: object, options: object): Buffer } };
  }
  const { PNG } = load<Pngjs>('pngjs');
  const write =
    (options: object): Encode =>
    ({ width, height, rgba, depth }) =>
      depth === 16 ? null : PNG.sync.write({ width, height, data: rgba }, options);
  return { pngjs: write({}), 'pngjs-rgb-6': write({ colorType: 2, deflateLevel: 6, deflateStrategy: 0 }) };
}

async function fastPng(packages: string): Promise<Encoders> {
  const path = resolve(packages, 'node_modules/fast-png/lib/index.js');
  const { encode } = (await import(pathToFileURL(path).href)) as { encode(image: object): Uint8Array };
  return {
    'fast-png': ({ width, height, samples, channels, depth }) =>
      depth === 16 ? null : encode({ width, height, data: samples, channels, depth }),
  };
}

function upng(load: Load): Encoders {
  const { encode } = load<{ encode(frames: ArrayBuffer[], width: number, height: number, colours: number): ArrayBuffer }>(
    'upng-js',
  );
  const write =
    (colours: number): Encode =>
    ({ width, height, rgba, depth }) =>
      depth === 16 ? null : new Uint8Array(encode([new Uint8Array(rgba).buffer], width, height, colours));
  return { upng: write(0), 'upng-256': write(256) };
}

function napiImage(load: Load): Encoders {
  interface Package {
    Transformer: new (png: Buffer) => { png(options: object): Promise<Buffer> };
    losslessCompressPng(png: Buffer): Promise<Buffer>;
  }
  const { Transformer, losslessCompressPng } = load<Package>('@napi-rs/image');
  const write =
    (compressionType: number, filterType: number): Encode =>
    ({ png }) =>
      new Transformer(png).png({ compressionType, filterType });
  const [byDefault, fast, best, paeth, adaptive] = [0, 1, 2, 4, 5];
  return {
    'napi-image': write(byDefault, adaptive),
    'napi-image-fast': write(fast, adaptive),
    'napi-image-best-paeth': write(best, paeth),
    'napi-image-lossless': ({ png }) => losslessCompressPng(png),
  };
}

function napiCanvas(load: Load): Encoders {
  interface Canvas {
    getContext(kind: '2d'): { drawImage(image: object, x: number, y: number): void };
    encode(format: 'png'): Promise<Buffer>;
  }
  interface Package {
    createCanvas(width: number, height: number): Canvas;
    loadImage(png: Buffer): Promise<object>;
  }
  const { createCanvas, loadImage } = load<Package>('@napi-rs/canvas');
  return {
    'napi-canvas': async ({ png, width, height }) => {
      const canvas = createCanvas(width, height);
      canvas.getContext('2d').drawImage(await loadImage(png), 0, 0);
      return canvas.encode('png');
    },
  };
}

async function jsquash(packages: string): Promise<Encoders> {
  interface Package {
    default(wasm: Buffer): Promise<unknown>;
    encode(data: Uint8Array, width: number, height: number, depth: number): Uint8Array;
  }
  const folder = resolve(packages, 'node_modules/@jsquash/png/codec/pkg');
  const codec = (await import(pathToFileURL(join(folder, 'squoosh_png.js')).href)) as Package;
  await codec.default(await readFile(join(folder, 'squoosh_png_bg.wasm')));
  return {
    jsquash: ({ width, height, rgba, depth }) => (depth === 16 ? null : codec.encode(rgba, width, height, 8)),
  };
}

function lodepng(load: Load): Encoders {
  const { encode } = load<{ encode(image: object): Uint8Array }>('@cwasm/lodepng');
  return {
    'cwasm-lodepng': ({ width, height, rgba, depth }) => (depth === 16 ? null : encode({ width, height, data: rgba })),
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
    if (!pages) process.stdout.write('chromium: skipped, it is not installed (PIXRNN_CHROMIUM names another browser)\n');
  } finally {
    await pages?.close();
  }
}

await runMain(main);
