import { appendFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CodecName, PLOTTED, CODECS } from './codec.js';
import type { BenchImage } from './data-set.js';
import type { Environment } from './environment.js';
import { runMeasured } from './measured-run.js';
import { readPixels, samePixels, withoutMetadata } from './pixels.js';
import { keyOf } from './rows.js';

/** CPU seconds of the encode and decode commands. */
export interface Times {
  encode: number;
  decode: number;
}

/** Results of all codecs for one image: one line of the plot's NDJSON file. */
export interface Figures extends BenchImage {
  bytes: Record<CodecName, number>;
  /** Null for an image of which only the sizes were measured. */
  times: Record<CodecName, Times> | null;
  environment: Environment;
}

interface Place {
  /** Folder of the image sets. */
  data: string;
  /** Empty folder for temporary files. */
  folder: string;
  core: string;
}

/**
 * Runs all codecs on one image. A `timed` image is coded with the default commands, decoded and compared. For any other
 * image only the sizes that `known` lacks are measured, without verification.
 * @throws Error if a decoder returns samples that differ from the source
 */
export async function measureFigures(
  image: BenchImage,
  {
    timed,
    known,
    environment,
    data,
    folder,
    core,
  }: Place & { timed: boolean; known: Partial<Record<CodecName, number | undefined>>; environment: Environment },
): Promise<Figures> {
  const path = join(data, image.set, image.file);
  const work = join(folder, `${image.set}-${image.file}`);
  await mkdir(work);
  const png = join(work, 'source.png');
  await writeFile(png, withoutMetadata(await readFile(path)));
  const source = await readPixels(path);

  const bytes: Partial<Figures['bytes']> = {};
  const times: Partial<Record<CodecName, Times>> = {};
  for (const name of PLOTTED) {
    const codec = CODECS[name];
    if (!timed && known[name] !== undefined) {
      bytes[name] = known[name];
      continue;
    }
    const coded = join(work, `coded.${name}`);
    const encode = await runMeasured(codec.encode(png, coded, { verify: timed }), core, work);
    bytes[name] = (await stat(coded)).size;
    if (!timed) continue;
    const decoded = join(work, `decoded-${name}.${codec.decodesTo}`);
    const decode = await runMeasured(codec.decode(coded, decoded), core, work);
    if (!samePixels(source, await readPixels(decoded))) throw new Error(`${name} is not lossless on ${keyOf(image)}.`);
    times[name] = { encode: encode.cpuSeconds, decode: decode.cpuSeconds };
  }
  await rm(work, { recursive: true });
  return {
    ...image,
    bytes: bytes as Figures['bytes'],
    times: timed ? (times as Record<CodecName, Times>) : null,
    environment,
  };
}

/** Reads figures from NDJSON files, by image; ignores an incomplete last line. */
export async function readFigures(paths: readonly string[]): Promise<Map<string, Figures>> {
  const figures = new Map<string, Figures>();
  for (const path of paths.filter((path) => existsSync(path))) {
    const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
    for (const line of lines) {
      const parsed = JSON.parse(line) as Figures;
      figures.set(keyOf(parsed), parsed);
    }
  }
  return figures;
}

export async function appendFigures(path: string, figures: Figures): Promise<void> {
  await appendFile(path, `${JSON.stringify(figures)}\n`);
}
