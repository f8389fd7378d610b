import { join } from 'node:path';

/** The launcher of this checkout, relative to build/bench. */
export const PIXRNN = [process.execPath, join(import.meta.dirname, '../../bin/pixrnn.js')] as const;

/** A lossless codec as two commands. */
export interface Codec {
  /** Name in the tables. */
  label: string;
  /** With `verify`, pixrnn runs its default command, which decodes the file again and compares every sample. */
  encode: (png: string, coded: string, options?: { verify: boolean }) => string[];
  decode: (coded: string, decoded: string) => string[];
  /** Format that the decoder writes. */
  decodesTo: 'png' | 'ppm';
  /** Seconds per megapixel to encode and decode on one core: a rough figure for the estimate at the start of a run. */
  pace: number;
}

/** All codecs, restricted to one thread. */
export const CODECS = {
  'pixrnn-1': pixrnn(1, 30),
  'pixrnn-2': pixrnn(2, 60),
  'pixrnn-3': pixrnn(3, 100),
  'pixrnn-4': pixrnn(4, 250),
  'pixrnn-3-origin': pixrnn(3, 90, 'origin'),
  'cjxl-3': cjxl('-e 3', 1),
  'cjxl-7': cjxl('-e 7', 3),
  'cjxl-9': cjxl('-e 9', 7),
  'cjxl-best': cjxl('-e 9 -E 3 -I 100', 12),
  'cwebp-0': cwebp(0, 1),
  'cwebp-6': cwebp(6, 3),
  'cwebp-9': cwebp(9, 17),
} as const satisfies Record<string, Codec>;

export type CodecName = keyof typeof CODECS;

/** In the order of the table columns. */
export const CODEC_NAMES = Object.keys(CODECS) as CodecName[];

/** The codecs of the plot: its photographs have no origin. */
export const PLOTTED = CODEC_NAMES.filter((name) => name !== 'pixrnn-3-origin');

/** Arguments with which each program prints its version. */
export const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  pixrnn: [...PIXRNN, '--version'],
  cjxl: ['cjxl', '--version'],
  cwebp: ['cwebp', '-version'],
};

/** The programs of the other codecs, and the Debian package of each. */
export const PACKAGE_OF = {
  cjxl: 'libjxl-tools',
  djxl: 'libjxl-tools',
  cwebp: 'webp',
  dwebp: 'webp',
} as const;

export const isPixrnn = (name: CodecName): boolean => name.startsWith('pixrnn-');

/**
 * Parses codec names separated by commas; returns them in the order of the tables.
 * @throws Error for an unknown name
 */
export function codecNames(names: readonly string[]): CodecName[] {
  const unknown = names.find((name) => !CODEC_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`unknown codec ${unknown}. Choose from ${CODEC_NAMES.join(', ')}.`);
  return CODEC_NAMES.filter((name) => names.includes(name));
}

/** pixrnn codes pixels, as the other codecs do: R, G and B, or the planes from which they were computed. */
function pixrnn(effort: number, pace: number, planes: 'rgb' | 'origin' = 'rgb'): Codec {
  const options = ['--threads', '1', '-q'];
  const coding = ['--pixels', '--effort', String(effort), ...(planes === 'rgb' ? ['--no-origin'] : [])];
  return {
    label: `pixrnn --effort ${effort}${planes === 'rgb' ? '' : ', by origin'}`,
    encode: (png, coded, { verify } = { verify: false }) => [
      ...[...PIXRNN, 'compress', ...coding, ...(verify ? [] : ['--no-verify'])],
      ...[...options, png, '-o', coded],
    ],
    decode: (coded, decoded) => [...PIXRNN, 'decompress', ...options, coded, '-o', decoded],
    decodesTo: 'png',
    pace,
  };
}

function cjxl(options: string, pace: number): Codec {
  return {
    label: `cjxl -d 0 ${options}`,
    encode: (png, coded) => ['cjxl', '--quiet', '--num_threads=0', '-d', '0', ...options.split(' '), png, coded],
    decode: (coded, decoded) => ['djxl', '--quiet', '--num_threads=0', coded, decoded],
    decodesTo: 'ppm',
    pace,
  };
}

function cwebp(level: number, pace: number): Codec {
  return {
    label: `cwebp -lossless -z ${level}`,
    encode: (png, coded) => ['cwebp', '-quiet', '-lossless', '-z', String(level), '-exact', png, '-o', coded],
    decode: (coded, decoded) => ['dwebp', '-quiet', coded, '-ppm', '-o', decoded],
    decodesTo: 'ppm',
    pace,
  };
}
