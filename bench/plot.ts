import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CODEC_NAMES, type CodecName, CODECS, PACKAGE_OF } from './codec.js';
import { listImages } from './data-set.js';
import { measureImages } from './measure-images.js';
import { requirePrograms } from './measured-run.js';
import { countOption, listOption, runMain } from './options.js';
import { readPeers } from './peers.js';
import { keyOf, readRows, type Row } from './rows.js';
import { type Point, sizeTimeSvg } from './size-time-svg.js';
import { bitsPerDim, mean, secondsAtKodakSize } from './statistics.js';

const HELP = `Draws size against time: pixrnn's efforts, JPEG XL's, WebP's, and paq8px. Run from the repository's root.

npm run bench:plot -- [options]
  --sets LIST   sets (kodak)
  --limit N     only the first N images of each set (4; with --from: all)
  --data DIR    folder of the sets (../shared/data)
  --core N      core that everything runs on (0)
  --json FILE   append raw figures (NDJSON); what is in it is not run again
  --from LIST   run nothing: draw what these NDJSON files hold of the sets, for the images that all codecs in them ran on
  --out FILE    the drawing (docs/size-time.svg)
`;

/** Seconds that paq8px -8 took for a Kodak image on a core like the bench's (measured before, as its sizes). */
const PAQ_SECONDS = { encode: 97, decode: 116 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sets: { type: 'string', default: 'kodak' },
      limit: { type: 'string' },
      data: { type: 'string', default: '../shared/data' },
      core: { type: 'string', default: '0' },
      json: { type: 'string' },
      from: { type: 'string' },
      out: { type: 'string', default: 'docs/size-time.svg' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { data, core, json, from, out } = values;
  const limit = countOption('limit', values.limit, from === undefined ? 4 : Infinity);
  const images = await listImages(data, listOption(values.sets), limit);
  if (from === undefined) await requirePrograms(PACKAGE_OF);
  const known = from === undefined ? null : await readRows(listOption(from));
  const measured = known
    ? images.flatMap((image) => known.get(keyOf(image)) ?? [])
    : await measureImages(images, CODEC_NAMES, { data, core, json });

  const codecs = CODEC_NAMES.filter((name) => measured.some(({ results }) => results[name]));
  const rows = measured.filter(({ results }) => codecs.every((name) => results[name]));
  if (rows.length === 0) throw new Error('there is no image that all these codecs ran on.');
  const points = [...codecs.map((name) => pointOf(name, rows)), ...paqPoints(rows, (await readPeers(data)).paq)];
  const environment = rows[0]?.environment;
  await writeFile(
    out,
    sizeTimeSvg(points, [
      `Mean of ${describe(rows)}.`,
      `Whole commands on one core (${environment?.cpu}), seconds scaled to 768 x 512 pixels, in steps of 10 ms.`,
      `Model: ${environment?.model}.`,
      'paq8px: sizes of these images and time of a Kodak image, both measured before on such a core.',
    ]),
  );
}

function pointOf(name: CodecName, rows: readonly Row[]): Point {
  const secondsOf = (direction: 'encode' | 'decode'): number =>
    mean(rows.map((row) => secondsAtKodakSize(row.results[name]?.[direction].seconds ?? NaN, row)));
  const [family = name, effort = ''] = name.split('-');
  return {
    family,
    label:
      { pixrnn: `pixrnn effort ${effort}`, cwebp: `cwebp -z ${effort}` }[family] ??
      CODECS[name].label.replace('-d 0 ', ''),
    bitsPerDim: mean(rows.map((row) => bitsPerDim(row.results[name]?.bytes ?? NaN, row))),
    encodeSeconds: secondsOf('encode'),
    decodeSeconds: secondsOf('decode'),
  };
}

/** Nothing where its sizes are not known for all images. */
function paqPoints(rows: readonly Row[], sizes: ReadonlyMap<string, number>): Point[] {
  const bits = mean(rows.map((row) => bitsPerDim(sizes.get(keyOf(row)) ?? NaN, row)));
  if (Number.isNaN(bits)) return [];
  const { encode, decode } = PAQ_SECONDS;
  return [{ family: 'paq8px', label: 'paq8px -8', bitsPerDim: bits, encodeSeconds: encode, decodeSeconds: decode }];
}

/** "9 images of mcmaster, 13 of gb82", or the files' names where they are few. */
function describe(rows: readonly Row[]): string {
  if (rows.length <= 6) return rows.map((row) => keyOf(row).replace(/\.png$/, '')).join(', ');
  const sets = [...new Set(rows.map(({ set }) => set))];
  return sets.map((set) => `${rows.filter((row) => row.set === set).length} images of ${set}`).join(', ');
}

await runMain(main);
