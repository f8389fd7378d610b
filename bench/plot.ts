import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type CodecName, PLOTTED, CODECS, PACKAGE_OF } from './codec.js';
import { type BenchImage, listImages, OVERALL_SETS } from './data-set.js';
import { readEnvironment } from './environment.js';
import { startEta } from './eta.js';
import { requirePrograms } from './measured-run.js';
import { countOption, listOption, partOf, runMain } from './options.js';
import { type Peers, readPeers, readReported } from './peers.js';
import { appendFigures, type Figures, measureFigures, readFigures, type Times } from './plot-figures.js';
import { keyOf } from './rows.js';
import { type Point, sizeTimeSvg } from './size-time-svg.js';
import { bitsPerDim, mean, secondsAtKodakSize } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Draws size against time: pixrnn's efforts, JPEG XL, WebP and paq8px. Run from the root of the repository.

npm run bench:plot -- [options]
  --sets LIST   sets (${OVERALL_SETS.join(',')})
  --timed N     measure times on the first N images of each set, sizes on all (2)
  --part I/N    measure only part I of N, for several cores; give each part its own --json, then use --from
  --data DIR    directory of the sets (../shared/data)
  --core N      core that all programs run on (0)
  --json FILE   append raw figures (NDJSON); images in it are not measured again
  --from LIST   measure nothing: draw the figures of these NDJSON files
  --out FILE    the plot (docs/size-time.svg)
`;

/** Times are relative to this codec's encoder. */
const REFERENCE: CodecName = 'cjxl-9';

/**
 * CPU seconds of paq8px -8 for a Kodak image, and of `REFERENCE` for such an image on the same kind of core: measured
 * earlier, on other images than the plot's.
 */
const PAQ_SECONDS = { encode: 97, decode: 116, reference: 2.71 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sets: { type: 'string', default: OVERALL_SETS.join(',') },
      timed: { type: 'string' },
      part: { type: 'string', default: '1/1' },
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
  const { data, core, json, from, out, part } = values;
  const sets = listOption(values.sets);
  const timedCount = countOption('timed', values.timed, 2);
  const images = await listImages(data, sets, Infinity);
  const peers = await readPeers(data);
  const known = await readFigures(from === undefined ? listOption(json) : listOption(from));
  if (from === undefined) {
    const timed = sets.flatMap((set) => images.filter((image) => image.set === set).slice(0, timedCount));
    await measure(partOf(images, part), known, { timed, peers, data, core, json });
    if (part !== '1/1') return;
  }
  const missing = images.find((image) => !known.has(keyOf(image)));
  if (missing) throw new Error(`${keyOf(missing)} was not measured.`);
  const figures = images.flatMap((image) => known.get(keyOf(image)) ?? []);
  const points = [...PLOTTED.map((name) => pointOf(name, figures)), ...paqPoints(figures, peers.paq)];
  await writeFile(out, sizeTimeSvg(points, notes(figures)));
}

/** Measures the figures that `known` lacks and appends them to the NDJSON file. */
async function measure(
  images: readonly BenchImage[],
  known: Map<string, Figures>,
  options: { timed: readonly BenchImage[]; peers: Peers; data: string; core: string; json: string | undefined },
): Promise<void> {
  await requirePrograms(PACKAGE_OF);
  const environment = await readEnvironment();
  const reported = await readReported('bench/RESULTS.md', environment.model);
  const folder = temporaryFolder();
  const missing = images.filter((image) => !known.has(keyOf(image)));
  const pace = PLOTTED.reduce((sum, name) => sum + CODECS[name].pace, 0);
  const eta = startEta(
    missing.map((image) => ({
      image,
      seconds: ((options.timed.includes(image) ? 1.5 : 0.5) * pace * image.width * image.height) / 1e6,
    })),
  );
  const { best, webp } = options.peers;
  const sizesOf = (image: BenchImage): Partial<Record<CodecName, number | undefined>> => ({
    'pixrnn-3': reported.get(keyOf(image).replace(/\.png$/, '')),
    'cjxl-best': best.get(keyOf(image)),
    'cwebp-9': webp.get(keyOf(image)),
  });
  for (const image of missing) {
    const timed = options.timed.includes(image);
    const figures = await measureFigures(image, { ...options, folder, timed, known: sizesOf(image), environment });
    known.set(keyOf(image), figures);
    if (options.json !== undefined) await appendFigures(options.json, figures);
    eta.done(image, `${keyOf(image)}${timed ? '' : ' (sizes only)'}`);
  }
}

/** Times are sums over the timed images, relative to the `REFERENCE` encoder on the same images. */
function pointOf(name: CodecName, figures: readonly Figures[]): Point {
  const times = figures.flatMap((image) => image.times ?? []);
  const sum = (of: CodecName, direction: keyof Times): number =>
    times.reduce((total, codecs) => total + codecs[of][direction], 0);
  const [family = name, effort = ''] = name.split('-');
  return {
    family,
    label:
      { pixrnn: `pixrnn --effort ${effort}`, cwebp: `cwebp -z ${effort}` }[family] ??
      CODECS[name].label.replace('-d 0 ', ''),
    bitsPerDim: mean(figures.map((image) => bitsPerDim(image.bytes[name], image))),
    encode: sum(name, 'encode') / sum(REFERENCE, 'encode'),
    decode: sum(name, 'decode') / sum(REFERENCE, 'encode'),
  };
}

/** Returns no point unless the sizes of all images are known. */
function paqPoints(figures: readonly Figures[], sizes: ReadonlyMap<string, number>): Point[] {
  const bits = mean(figures.map((image) => bitsPerDim(sizes.get(keyOf(image)) ?? NaN, image)));
  if (Number.isNaN(bits)) return [];
  const { encode, decode, reference } = PAQ_SECONDS;
  return [
    {
      family: 'paq8px',
      label: 'paq8px -8',
      bitsPerDim: bits,
      encode: encode / reference,
      decode: decode / reference,
    },
  ];
}

function notes(figures: readonly Figures[]): string[] {
  const timed = figures.filter(({ times }) => times !== null);
  const seconds = mean(timed.map((image) => secondsAtKodakSize(image.times?.[REFERENCE].encode ?? NaN, image)));
  const sets = [...new Set(figures.map(({ set }) => set))];
  const counts = sets.map((set) => `${set} ${figures.filter((image) => image.set === set).length}`);
  const { cpu, model } = figures[0]?.environment ?? {};
  return [
    `Size: mean over ${figures.length} photographs (${counts.join(', ')}). Model: ${model}.`,
    `Time: CPU seconds of ${timed.length} of them, relative to cjxl -d 0 -e 9, which needs ${seconds.toFixed(1)} s for 768 x 512 pixels (one core, ${cpu}).`,
    'pixrnn compresses with its defaults, so its encode times include decoding the file again to verify it.',
    `paq8px: sizes of these images and the time of a Kodak image (${PAQ_SECONDS.encode} s, where cjxl -d 0 -e 9 needs ${PAQ_SECONDS.reference} s), measured earlier.`,
  ];
}

await runMain(main);
