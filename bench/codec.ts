import { join } from 'node:path';

/** The launcher of this checkout, from build/bench. */
export const PIXRNN = [process.execPath, join(import.meta.dirname, '../../bin/pixrnn.js')] as const;

export const CODEC_NAMES = ['pixrnn', 'cjxl', 'cwebp'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

/** A lossless codec as two commands. */
export interface Codec {
  /** As the tables name it. */
  label: string;
  encode: (png: string, coded: string) => string[];
  decode: (coded: string, decoded: string) => string[];
  /** What the decoder writes. */
  decodesTo: 'png' | 'ppm';
  version: string[];
}

/** All work on one thread. */
export const CODECS: Readonly<Record<CodecName, Codec>> = {
  pixrnn: {
    label: 'pixrnn',
    encode: (png, coded) => [...PIXRNN, 'compress', '--no-verify', '--threads', '1', '-q', png, '-o', coded],
    decode: (coded, decoded) => [...PIXRNN, 'decompress', '--threads', '1', '-q', coded, '-o', decoded],
    decodesTo: 'png',
    version: [...PIXRNN, '--version'],
  },
  cjxl: {
    label: 'cjxl -d 0 -e 9',
    encode: (png, coded) => ['cjxl', '--quiet', '--num_threads=0', '-d', '0', '-e', '9', png, coded],
    decode: (coded, decoded) => ['djxl', '--quiet', '--num_threads=0', coded, decoded],
    decodesTo: 'ppm',
    version: ['cjxl', '--version'],
  },
  cwebp: {
    label: 'cwebp -lossless -z 9',
    encode: (png, coded) => ['cwebp', '-quiet', '-lossless', '-z', '9', '-exact', png, '-o', coded],
    decode: (coded, decoded) => ['dwebp', '-quiet', coded, '-ppm', '-o', decoded],
    decodesTo: 'ppm',
    version: ['cwebp', '-version'],
  },
};

/** The programs that the others come in, and Debian's packages of them. */
export const PACKAGE_OF = {
  cjxl: 'libjxl-tools',
  djxl: 'libjxl-tools',
  cwebp: 'webp',
  dwebp: 'webp',
} as const;
