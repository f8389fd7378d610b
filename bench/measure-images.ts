import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodecName, CODECS } from './codec.js';
import type { BenchImage } from './data-set.js';
import { gitCommit, readEnvironment, today } from './environment.js';
import { startEta } from './eta.js';
import { readPixels, withoutMetadata } from './pixels.js';
import { appendRow, keyOf, openRows, readRows, type Row } from './rows.js';
import { runCodec } from './run-codec.js';
import { bitsPerDim } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

export interface MeasureOptions {
  /** Folder of the image sets. */
  data: string;
  core: string;
  /** NDJSON file that new rows are appended to. Images that it already contains are not measured again. */
  json: string | undefined;
}

/** Returns one row per image, in order, with the results of all codecs, which run one after the other. */
export async function measureImages(
  images: readonly BenchImage[],
  codecs: readonly CodecName[],
  { data, core, json }: MeasureOptions,
): Promise<Row[]> {
  const environment = await readEnvironment();
  const commit = await gitCommit();
  if (json !== undefined) await openRows(json);
  const known = await readRows(json === undefined ? [] : [json], environment);
  const folder = temporaryFolder();
  const missing = (image: BenchImage): CodecName[] =>
    codecs.filter((name) => known.get(keyOf(image))?.results[name] === undefined);
  const eta = startEta(
    images.flatMap((image) => {
      const pace = missing(image).reduce((sum, name) => sum + CODECS[name].pace, 0);
      return pace > 0 ? [{ image, seconds: (pace * image.width * image.height) / 1e6 }] : [];
    }),
  );
  for (const image of images) {
    const names = missing(image);
    if (names.length === 0) continue;
    const figures = await measureImage(image, names, { data, folder, core, commit });
    const row: Row = { ...image, ...figures, environment };
    await appendRow(json, row);
    known.set(keyOf(image), { ...row, results: { ...known.get(keyOf(image))?.results, ...row.results } });
    eta.done(image, describe(row));
  }
  return images.flatMap((image) => known.get(keyOf(image)) ?? []);
}

async function measureImage(
  { set, file }: BenchImage,
  codecs: readonly CodecName[],
  { data, folder, core, commit }: { data: string; folder: string; core: string; commit: string },
): Promise<Pick<Row, 'pngBytes' | 'results'>> {
  const path = join(data, set, file);
  const given = await readFile(path);
  const work = join(folder, `${set}-${file}`);
  await mkdir(work);
  const png = join(work, 'source.png');
  await writeFile(png, withoutMetadata(given));
  const source = await readPixels(path);
  const results: Row['results'] = {};
  for (const name of codecs) {
    const result = await runCodec(name, png, source, { core, folder: work });
    results[name] = { ...result, commit, date: today(), core };
  }
  await rm(work, { recursive: true });
  return { pngBytes: given.length, results };
}

/** "kodak/kodim01.png: pixrnn-3 2.91, cjxl-9 3.13, ... bits/dim". */
function describe(row: Row): string {
  const figures = Object.entries(row.results).map(
    ([name, { bytes, lossless }]) => `${name} ${bitsPerDim(bytes, row).toFixed(3)}${lossless ? '' : ' NOT LOSSLESS'}`,
  );
  return `${keyOf(row)}: ${figures.join(', ')} bits/dim`;
}
