import '#pixrnn/node/install.js';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { extractTile, tileGrid } from '#pixrnn/codec/tile-grid.js';
import { PaletteCoder, compilePaletteCoder } from '#pixrnn/engine/palette-coder.js';
import type { Raster } from '#pixrnn/image/raster.js';
import { readImage } from '#pixrnn/image/read-image.js';
import { sameSamples } from '#pixrnn/samples.js';
import { fixed, markdownFile, markdownTable, NONE } from './markdown.js';
import { runMain } from './options.js';
import { readSizes } from './peers.js';
import { mean } from './statistics.js';

const HELP = `Compares the palette coder alone with PNG, WebP and JPEG XL on PNG images, tile by tile; every tile is decoded and
compared. Run from the root of the repository.

npm run bench:palette -- [options]
  --data DIR       directory of the images (../shared/data/synthetic)
  --peers FILE     sizes of the other codecs on these files (bench/synthetic-peers.tsv)
  --only WORDS     only images whose name contains one of the words, comma-separated
`;

const PEERS: readonly [codec: string, label: string][] = [
  ['png', 'PNG as given'],
  ['webp-z9', 'cwebp -lossless -z 9 -exact'],
  ['jxl-e9', 'cjxl -d 0 -e 9'],
];

interface Row {
  file: string;
  pixels: number;
  bytes: number;
  /** Bytes by codec. */
  peers: ReadonlyMap<string, number>;
  encodeSeconds: number;
  decodeSeconds: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: '../shared/data/synthetic' },
      peers: { type: 'string', default: 'bench/synthetic-peers.tsv' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const peers = await readSizes(values.peers);
  const coder = await PaletteCoder.create(await compilePaletteCoder());
  const words = values.only.split(',');
  const rows: Row[] = [];
  for (const file of (await readdir(values.data)).sort()) {
    if (!file.endsWith('.png') || !words.some((word) => file.includes(word))) continue;
    process.stderr.write(`${file}\n`);
    const { raster } = await readImage(await readFile(join(values.data, file)));
    const known = PEERS.flatMap(([codec]) => {
      const bytes = peers.get(codec)?.get(`synthetic/${file}`);
      return bytes === undefined ? [] : [[codec, bytes] as const];
    });
    rows.push(measure(coder, file, raster, new Map(known)));
  }
  process.stdout.write(await markdownFile([tableOf(rows), summaryOf(rows)]));
}

/** @throws Error if a tile does not decode to its samples */
function measure(coder: PaletteCoder, file: string, image: Raster, peers: ReadonlyMap<string, number>): Row {
  const { channels, depth } = image;
  let bytes = 0;
  let encodeSeconds = 0;
  let decodeSeconds = 0;
  for (const tile of tileGrid(image.width, image.height)) {
    const samples = extractTile(image, tile);
    const shape = { width: tile.width, height: tile.height, channels, depth };
    const start = performance.now();
    const payload = coder.encode({ ...shape, samples }, samples.length);
    encodeSeconds += (performance.now() - start) / 1000;
    // A tile that the coder gives up on counts as its raw samples.
    bytes += payload?.length ?? samples.length;
    if (!payload) continue;
    const decodeStart = performance.now();
    const decoded = coder.decode(payload, shape);
    decodeSeconds += (performance.now() - decodeStart) / 1000;
    if (!sameSamples(samples, decoded)) throw new Error(`${file} was not restored.`);
  }
  return { file, pixels: image.width * image.height, bytes, peers, encodeSeconds, decodeSeconds };
}

function tableOf(rows: readonly Row[]): string {
  const micros = (seconds: number, pixels: number): string => fixed((seconds * 1e6) / pixels, 2);
  const lines = rows.map(({ file, pixels, bytes, peers, encodeSeconds, decodeSeconds }) => [
    file,
    fixed(pixels / 1e6, 2),
    ...PEERS.map(([codec]) => String(peers.get(codec) ?? NONE)),
    String(bytes),
    micros(encodeSeconds, pixels),
    micros(decodeSeconds, pixels),
  ]);
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const pixels = sum((row) => row.pixels);
  const total = [
    'all',
    fixed(pixels / 1e6, 2),
    ...PEERS.map(([codec]) =>
      fixed(
        sum(({ peers }) => peers.get(codec) ?? NaN),
        0,
      ),
    ),
    String(sum(({ bytes }) => bytes)),
    micros(
      sum(({ encodeSeconds }) => encodeSeconds),
      pixels,
    ),
    micros(
      sum(({ decodeSeconds }) => decodeSeconds),
      pixels,
    ),
  ];
  const header = ['Image', 'Mpx', ...PEERS.map(([, label]) => label), 'palette coder', 'encode µs/px', 'decode µs/px'];
  return markdownTable(header, [...lines, total]);
}

function summaryOf(rows: readonly Row[]): string {
  const header = ['Palette coder against', 'Ratio of the totals', 'Mean of the ratios', 'Images where it is smaller'];
  const lines = PEERS.map(([codec, label]) => {
    const known = rows.filter(({ peers }) => peers.has(codec));
    const theirs = (row: Row): number => row.peers.get(codec) ?? NaN;
    const totals = [theirs, ({ bytes }: Row) => bytes].map((of) => known.reduce((sum, row) => sum + of(row), 0));
    const ratio = (totals[1] ?? NaN) / (totals[0] ?? NaN);
    const wins = known.filter((row) => row.bytes < theirs(row)).length;
    return [
      label,
      fixed(ratio, 4),
      fixed(mean(known.map((row) => row.bytes / theirs(row))), 4),
      `${wins} of ${known.length}`,
    ];
  });
  return markdownTable(header, lines);
}

await runMain(main);
