import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageSeeds } from './image-seeds.js';
import { openPrnn } from './open-prnn.js';
import { marksOf } from './parts.js';
import { openPng, PNG_TAGS } from './png-parts.js';
import { PRNN_TAGS } from './prnn-tags.js';
import { prnnSeeds } from './prnn-seeds.js';
import type { TargetName } from './target.js';

/** Where the corpus of a target is kept. */
export interface CorpusFolders {
  /** Grows. */
  readonly inputs: string;
  readonly findings: string;
  readonly statistics: string;
  /** Words for the mutations. */
  readonly dictionary: string;
}

export function corpusFolders(folder: string, target: string): CorpusFolders {
  const path = (name: string): string => join(folder, target, name);
  return {
    inputs: path('inputs'),
    findings: path('findings'),
    statistics: path('statistics.json'),
    dictionary: path('words.dict'),
  };
}

/** Writes the seeds of a target, as they are and in the open form, unless its corpus exists. */
export async function prepareCorpus(
  { inputs, findings, dictionary }: CorpusFolders,
  target: TargetName,
): Promise<void> {
  mkdirSync(findings, { recursive: true });
  if (existsSync(inputs)) return;
  const seeds = target === 'prnn' ? await prnnSeeds() : await imageSeeds(target);
  const open = { prnn: openPrnn, png: openPng }[target as string];
  mkdirSync(inputs, { recursive: true });
  for (const [name, bytes] of seeds) {
    const opened = open && attempt(() => open(bytes));
    if (opened) writeFileSync(join(inputs, `${name}.open`), opened);
    // A .prnn file as it is only reaches its checks: a few are enough.
    if (!open || target !== 'prnn' || name === 'image-1') writeFileSync(join(inputs, name), bytes);
  }
  writeFileSync(dictionary, wordsOf(target).map(quoted).join('\n') + '\n');
}

/** Returns null where a seed is damaged on purpose and has no open form. */
function attempt<T>(task: () => T): T | null {
  try {
    return task();
  } catch {
    return null;
  }
}

function wordsOf(target: TargetName): Uint8Array[] {
  const words = (...texts: string[]): Uint8Array[] => texts.map((text) => Buffer.from(text, 'latin1'));
  switch (target) {
    case 'prnn':
      return marksOf(PRNN_TAGS);
    case 'png':
      return [
        ...marksOf(PNG_TAGS),
        ...words(
          'IHDR',
          'PLTE',
          'IDAT',
          'IEND',
          'tRNS',
          'gAMA',
          'cHRM',
          'sRGB',
          'iCCP',
          'zTXt',
          'tEXt',
          'iTXt',
          'sBIT',
          'bKGD',
          'hIST',
          'pHYs',
          'sPLT',
          'tIME',
          'eXIf',
          'acTL',
          'fcTL',
          'fdAT',
        ),
      ];
    case 'tiff':
      return words(
        'II*\0',
        'MM\0*',
        'II+\0',
        '\x00\x01',
        '\x01\x01',
        '\x02\x01',
        '\x03\x01',
        '\x06\x01',
        '\x11\x01',
        '\x15\x01',
        '\x16\x01',
        '\x17\x01',
        '\x1c\x01',
        '\x3d\x01',
        '\x40\x01',
        '\x44\x01',
        '\x52\x01',
        '\x53\x01',
      );
    case 'gif':
      return words('GIF87a', 'GIF89a', '!\xf9\x04', '!\xfe', '!\xff\x0bNETSCAPE2.0\x03\x01', ',', ';');
    case 'bmp':
      return words('BM', 'KNIL', 'DEBM', '\x28\0\0\0', '\x0c\0\0\0', '\x7c\0\0\0');
    case 'pnm':
      return words(
        'P1',
        'P2',
        'P3',
        'P4',
        'P5',
        'P6',
        'P7',
        'WIDTH',
        'HEIGHT',
        'DEPTH',
        'MAXVAL',
        'TUPLTYPE',
        'ENDHDR\n',
        'RGB_ALPHA',
        'GRAYSCALE',
        '# ',
        '65535',
      );
    case 'jpeg':
      return words(
        ...[0xc0, 0xc1, 0xc2, 0xc4, 0xc9, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdd, 0xe0, 0xe1, 0xe2, 0xee, 0xfe].map(
          (marker) => `\xff${String.fromCharCode(marker)}`,
        ),
        'Exif\0\0',
        'MPF\0',
        'ICC_PROFILE\0',
      );
  }
}

function quoted(word: Uint8Array): string {
  return `"${Array.from(word, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
}
