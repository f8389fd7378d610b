import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { tileGrid } from '#pixrnn/codec/tile-grid.js';
import { ColourCoder, type ColourTile, compileColourCoder } from '#pixrnn/engine/colour-coder.js';
import { readChunks } from '#pixrnn/image/png-chunks.js';
import { fixed, markdownFile, markdownTable, NONE } from './markdown.js';
import { runMain } from './options.js';
import { mean } from './statistics.js';

const HELP = `Sizes of the colour coder alone on 8-bit PNG images, tile by tile as the codec cuts them, each decoded and compared,
against PNG, WebP and JPEG XL. Run from the repository's root.

npm run build && npm run build:test && node build/bench/colours.js [options]
  --data DIR       folder of the images (../shared/data/synthetic)
  --peers FILE     sizes that the others gave on these files (bench/synthetic-peers.tsv)
  --only WORDS     only images whose name contains one of the words, with commas between
`;

const PEERS: readonly [codec: string, label: string][] = [
  ['png', 'PNG as given'],
  ['webp-z9', 'cwebp -lossless -z 9 -exact'],
  ['jxl-e9', 'cjxl -d 0 -e 9'],
];

type Pixels = Omit<ColourTile, 'depth'>;

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
  const coder = await ColourCoder.create(await compileColourCoder());
  const words = values.only.split(',');
  const rows: Row[] = [];
  for (const file of (await readdir(values.data)).sort()) {
    if (!file.endsWith('.png') || !words.some((word) => file.includes(word))) continue;
    process.stderr.write(`${file}\n`);
    rows.push(
      measure(coder, file, await readPng(join(values.data, file)), peers.get(file) ?? new Map<string, number>()),
    );
  }
  process.stdout.write(await markdownFile([tableOf(rows), summaryOf(rows)]));
}

/** Bytes by codec, for each file: tab-separated set, file, width, height, codec, bytes, as in the data's PEERS.tsv. */
async function readSizes(path: string): Promise<Map<string, Map<string, number>>> {
  const sizes = new Map<string, Map<string, number>>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [, file, , , codec, bytes] = line.split('\t');
    if (file === undefined || codec === undefined) continue;
    const ofFile = sizes.get(file) ?? new Map<string, number>();
    sizes.set(file, ofFile.set(codec, Number(bytes)));
  }
  return sizes;
}

/**
 * @throws Error where a tile does not decode to its samples
 */
function measure(coder: ColourCoder, file: string, image: Pixels, peers: ReadonlyMap<string, number>): Row {
  let bytes = 0;
  let encodeSeconds = 0;
  let decodeSeconds = 0;
  for (const { x, y, width, height } of tileGrid(image.width, image.height)) {
    const { channels } = image;
    const samples = new Uint8Array(width * height * channels);
    for (let row = 0; row < height; row++) {
      const from = ((y + row) * image.width + x) * channels;
      samples.set(image.samples.subarray(from, from + width * channels), row * width * channels);
    }
    const shape = { width, height, channels, depth: 8 } as const;
    const start = performance.now();
    const payload = coder.encode({ ...shape, samples }, samples.length);
    encodeSeconds += (performance.now() - start) / 1000;
    // A tile that is given up counts as its samples.
    bytes += payload?.length ?? samples.length;
    if (!payload) continue;
    const decodeStart = performance.now();
    const decoded = coder.decode(payload, shape);
    decodeSeconds += (performance.now() - decodeStart) / 1000;
    if (Buffer.compare(samples, decoded as Uint8Array) !== 0) throw new Error(`${file} did not come back.`);
  }
  return { file, pixels: image.width * image.height, bytes, peers, encodeSeconds, decodeSeconds };
}

/** The samples of an 8-bit PNG, a palette's indices where it has one. */
async function readPng(path: string): Promise<Pixels> {
  const png = await readFile(path);
  const { channels: inFile } = await sharp(png).metadata();
  const image = sharp(png, { ignoreIcc: true });
  const raw = await (inFile === 1 ? image.toColourspace('b-w') : image).raw().toBuffer({ resolveWithObject: true });
  const { width, height } = raw.info;
  const { chunks } = readChunks(png);
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data;
  if (palette && chunks[0]?.data[9] === 3) {
    const alphas = chunks.find(({ type }) => type === 'tRNS')?.data;
    const rgba = await sharp(png, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    return { width, height, channels: 1, samples: indicesOf(rgba, palette, alphas) };
  }
  return { width, height, channels: raw.info.channels, samples: raw.data };
}

/** Of colours that stand in the palette twice the first one's index. */
function indicesOf(rgba: Uint8Array, palette: Uint8Array, alphas: Uint8Array | undefined): Uint8Array {
  const key = (r = 0, g = 0, b = 0, a = 255): number => ((r * 256 + g) * 256 + b) * 256 + a;
  const index = new Map<number, number>();
  for (let i = palette.length / 3 - 1; i >= 0; i--) {
    index.set(key(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2], alphas?.[i]), i);
  }
  return Uint8Array.from({ length: rgba.length / 4 }, (_, i) => {
    const found = index.get(key(rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]));
    if (found === undefined) throw new Error('a pixel has a colour that is not in the palette.');
    return found;
  });
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
  const header = ['Image', 'Mpx', ...PEERS.map(([, label]) => label), 'colour coder', 'µs/px', 'µs/px back'];
  return markdownTable(header, [...lines, total]);
}

function summaryOf(rows: readonly Row[]): string {
  const header = ['Colour coder against', 'Ratio of the totals', 'Mean of the ratios', 'Images where it is smaller'];
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
