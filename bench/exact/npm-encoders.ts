import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A source picture. */
export interface Picture {
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
export type Encode = (picture: Picture) => Promise<Uint8Array | null> | Uint8Array | null;
export type Encoders = Readonly<Record<string, Encode>>;

/** Loads packages of another folder than this project's. */
export type Load = <T>(name: string) => T;

export function pngjs(load: Load): Encoders {
  interface Pngjs {
    PNG: { sync: { write: (image: object, options: object) => Buffer } };
  }
  const { PNG } = load<Pngjs>('pngjs');
  const write =
    (options: object): Encode =>
    ({ width, height, rgba, depth }) =>
      depth === 16 ? null : PNG.sync.write({ width, height, data: rgba }, options);
  return { pngjs: write({}), 'pngjs-rgb-6': write({ colorType: 2, deflateLevel: 6, deflateStrategy: 0 }) };
}

export async function fastPng(packages: string): Promise<Encoders> {
  const path = resolve(packages, 'node_modules/fast-png/lib/index.js');
  const { encode } = (await import(pathToFileURL(path).href)) as { encode: (image: object) => Uint8Array };
  return {
    'fast-png': ({ width, height, samples, channels, depth }) =>
      depth === 16 ? null : encode({ width, height, data: samples, channels, depth }),
  };
}

export function upng(load: Load): Encoders {
  const { encode } = load<{
    encode: (frames: ArrayBuffer[], width: number, height: number, colours: number) => ArrayBuffer;
  }>('upng-js');
  const write =
    (colours: number): Encode =>
    ({ width, height, rgba, depth }) =>
      depth === 16 ? null : new Uint8Array(encode([new Uint8Array(rgba).buffer], width, height, colours));
  return { upng: write(0), 'upng-256': write(256) };
}

export function napiImage(load: Load): Encoders {
  interface Package {
    Transformer: new (png: Buffer) => { png(options: object): Promise<Buffer> };
    losslessCompressPng: (png: Buffer) => Promise<Buffer>;
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

export function napiCanvas(load: Load): Encoders {
  interface Canvas {
    getContext(kind: '2d'): { drawImage(image: object, x: number, y: number): void };
    encode(format: 'png'): Promise<Buffer>;
  }
  interface Package {
    createCanvas: (width: number, height: number) => Canvas;
    loadImage: (png: Buffer) => Promise<object>;
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

export async function jsquash(packages: string): Promise<Encoders> {
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

export function lodepng(load: Load): Encoders {
  const { encode } = load<{ encode: (image: object) => Uint8Array }>('@cwasm/lodepng');
  return {
    'cwasm-lodepng': ({ width, height, rgba, depth }) => (depth === 16 ? null : encode({ width, height, data: rgba })),
  };
}
