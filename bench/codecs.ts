import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CODEC_NAMES, type CodecName, CODECS, PACKAGE_OF } from './codec.js';
import { type BenchImage, listImages, readPaqSizes, SETS } from './data-set.js';
import { gitCommit, readEnvironment, today } from './environment.js';
import { requirePrograms } from './measured-run.js';
import { countOption, runMain } from './options.js';
import { readPixels, withoutMetadata } from './pixels.js';
import { startEta } from './eta.js';
import { lossyResults, reportOf } from './report.js';
import { appendRow, keyOf, readRows, type Row } from './rows.js';
import { type CodecResult, runCodec } from './run-codec.js';
import { bitsPerDim } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Compares pixrnn with cjxl and cwebp: size, time and memory. Run from the repository's root.

npm run bench -- [options]
  --sets LIST   sets, with commas between (${SETS.join(',')})
  --limit N     only the first N images of each set
  --data DIR    folder of the sets (../shared/data)
  --core N      core that everything runs on (0)
  --json FILE   append raw figures (NDJSON); images that are in it are not run again
  --out FILE    write the report here instead of to standard output
Needs Debian's libjxl-tools, webp, time and util-linux.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sets: { type: 'string', default: SETS.join(',') },
      limit: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      core: { type: 'string', default: '0' },
      json: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  await requirePrograms(PACKAGE_OF);
  const { data, core } = values;
  const images = await listImages(data, values.sets.split(','), countOption('limit', values.limit, Infinity));
  const rows = await measureAll(images, { data, core, json: values.json });
  const report = await reportOf(rows, await readPaqSizes(data), core);
  if (values.out === undefined) process.stdout.write(report);
  else await writeFile(values.out, report);
  const lossy = lossyResults(rows);
  if (lossy.length > 0) throw new Error(`not lossless: ${lossy.join('; ')}`);
}

/** The rows of all images, in their order; those that `json` holds are taken from there. */
async function measureAll(
  images: readonly BenchImage[],
  { data, core, json }: { data: string; core: string; json: string | undefined },
): Promise<Row[]> {
  const environment = await readEnvironment();
  const commit = await gitCommit();
  const known = await readRows(json, environment);
  const folder = temporaryFolder();
  const eta = startEta(images.filter((image) => !known.has(keyOf(image))));
  for (const image of images) {
    if (known.has(keyOf(image))) continue;
    const figures = await measureImage(image, { path: join(data, image.set, image.file), core, folder });
    const row: Row = { ...image, ...figures, environment, commit, date: today() };
    await appendRow(json, row);
    known.set(keyOf(image), row);
    eta.done(image, describe(row));
  }
  return images.flatMap((image) => known.get(keyOf(image)) ?? []);
}

async function measureImage(
  { set, file }: BenchImage,
  { path, core, folder }: { path: string; core: string; folder: string },
): Promise<Pick<Row, 'pngBytes' | 'results'>> {
  const given = await readFile(path);
  const work = join(folder, `${set}-${file}`);
  await mkdir(work);
  const png = join(work, 'source.png');
  await writeFile(png, withoutMetadata(given));
  const source = await readPixels(path);
  const results: Partial<Record<CodecName, CodecResult>> = {};
  for (const name of CODEC_NAMES) results[name] = await runCodec(name, png, source, { core, folder: work });
  await rm(work, { recursive: true });
  return { pngBytes: given.length, results: results as Record<CodecName, CodecResult> };
}

/** "kodak/kodim01.png: pixrnn 2.91, cjxl -d 0 -e 9 3.13, ... bits/dim". */
function describe(row: Row): string {
  const figures = CODEC_NAMES.map((name) => {
    const { bytes, lossless } = row.results[name];
    return `${CODECS[name].label} ${bitsPerDim(bytes, row).toFixed(3)}${lossless ? '' : ' NOT LOSSLESS'}`;
  });
  return `${keyOf(row)}: ${figures.join(', ')} bits/dim`;
}

await runMain(main);
