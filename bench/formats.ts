import '#pixrnn/node/install.js';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { isAncillary, readChunks, writeChunks } from '#pixrnn/image/png-chunks.js';
import { type CodecName, CODECS, PACKAGE_OF } from './codec.js';
import { gitCommit, today } from './environment.js';
import { fixed, markdownFile, markdownTable, NONE, writeReport } from './markdown.js';
import { type Cost, requirePrograms, runMeasured } from './measured-run.js';
import { listOption, partOf, runMain } from './options.js';
import { readSizes, type Sizes } from './peers.js';
import { mean } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Compares pixrnn with PNG, WebP and JPEG XL on screenshots, drawings and 16-bit images, without metadata, in the same run.
Every file is decoded and compared. Run from the root of the repository.

npm run bench:formats -- [options]
  --data DIR       directory of the sets (../shared/data)
  --sets NAMES     of synthetic,deep; comma-separated (both)
  --core N         core that all programs run on (0)
  --part I/N       measure only part I of N, for one process per core
  --json FILE      append raw figures (NDJSON); figures in it are not measured again
  --peers FILE     sizes of the other codecs on these files, instead of running them (bench/synthetic-peers.tsv)
  --from FILES     measure nothing: report the figures of these NDJSON files, comma-separated
  --out FILE       write the tables here instead of to standard output
`;

const OURS: CodecName = 'pixrnn-3';
const OTHERS: readonly CodecName[] = ['cwebp-9', 'cjxl-9'];

interface Set {
  readonly title: string;
  readonly folder: string;
  /** Whether an image of the folder belongs to the set. */
  readonly includes: (header: { readonly depth: number }) => boolean;
}

const SETS: Readonly<Record<string, Set>> = {
  synthetic: { title: 'Screenshots, drawings, pixel art', folder: 'synthetic', includes: () => true },
  deep: { title: '16 bits', folder: 'formats', includes: ({ depth }) => depth === 16 },
};

/** File sizes of one image. */
interface Row {
  readonly set: string;
  readonly file: string;
  readonly pixels: number;
  readonly png: number;
  /** Bytes by codec; null if the codec does not support the image. */
  readonly bytes: Readonly<Partial<Record<CodecName, number | null>>>;
  readonly seconds: { readonly encode: number; readonly decode: number };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: '../shared/data' },
      sets: { type: 'string', default: Object.keys(SETS).join(',') },
      core: { type: 'string', default: '0' },
      part: { type: 'string', default: '1/1' },
      json: { type: 'string' },
      peers: { type: 'string' },
      from: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const rows = values.from === undefined ? await measureSets(values) : await readRows(listOption(values.from));
  const report = await reportOf(rows);
  await writeReport(report, values.out);
}

async function measureSets(options: {
  data: string;
  sets: string;
  core: string;
  part: string;
  json?: string | undefined;
  peers?: string | undefined;
}): Promise<Row[]> {
  const peers = options.peers === undefined ? null : await readSizes(options.peers);
  await requirePrograms(PACKAGE_OF);
  const folder = temporaryFolder();
  const rows = options.json === undefined ? [] : await readRows([options.json]);
  for (const set of listOption(options.sets)) {
    const files = await filesOf(set, options.data);
    for (const [index, path] of partOf(files, options.part).entries()) {
      const file = basename(path);
      if (rows.some((row) => row.set === set && row.file === file)) continue;
      const row = await measure(set, path, options.core, join(folder, `${set}-${index}`), peers);
      process.stderr.write(`${set}/${file}: ${row.png} ${JSON.stringify(row.bytes)}\n`);
      rows.push(row);
      if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(row)}\n`, { flag: 'a' });
    }
  }
  return rows;
}

async function readRows(files: readonly string[]): Promise<Row[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.flatMap((text) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row])));
}

/** Names of the other codecs in bench/synthetic-peers.tsv. */
const PEER_NAMES: Readonly<Partial<Record<CodecName, string>>> = { 'cwebp-9': 'webp-z9', 'cjxl-9': 'jxl-e9' };

async function filesOf(name: string, data: string): Promise<string[]> {
  const set = SETS[name];
  if (!set) throw new Error(`unknown set ${name}. Choose from ${Object.keys(SETS).join(', ')}.`);
  const folder = join(data, set.folder);
  const entries = (await readdir(folder, { recursive: true })).filter((entry) => entry.endsWith('.png')).sort();
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry);
    // Byte 24 of every PNG is the bit depth. Broken files of the test suites are not photographs.
    const depth = (await readFile(path))[24] ?? 0;
    if (
      set.includes({ depth }) &&
      (await sharp(path)
        .stats()
        .catch(() => null)) !== null
    )
      files.push(path);
  }
  return files;
}

/** @throws Error if a file does not decode to the image */
async function measure(set: string, path: string, core: string, folder: string, peers: Sizes | null): Promise<Row> {
  await mkdir(folder);
  const source = join(folder, 'source.png');
  const { chunks } = readChunks(await readFile(path));
  const bare = chunks.filter(({ type }) => type === 'tRNS' || !isAncillary(type));
  await writeFile(source, writeChunks(bare));
  const { data, info, isDeep } = await pixelsOf(source);
  const bytes: Partial<Record<CodecName, number | null>> = {};
  const costs: Cost[] = [];
  for (const name of [OURS, ...OTHERS]) {
    if (isDeep && name.startsWith('cwebp')) {
      bytes[name] = null;
      continue;
    }
    const known = peers?.get(PEER_NAMES[name] ?? '')?.get(`${set}/${basename(path)}`);
    if (known !== undefined) {
      bytes[name] = known;
      continue;
    }
    const coded = join(folder, `coded.${name}`);
    const decoded = join(folder, `decoded-${name}.png`);
    const cost = [
      await runMeasured(CODECS[name].encode(source, coded), core, folder),
      await runMeasured(toPng(name, coded, decoded), core, folder),
    ];
    if (name === OURS) costs.push(...cost);
    if (Buffer.compare((await pixelsOf(decoded, isDeep)).data, data) !== 0) {
      throw new Error(`${CODECS[name].label} did not restore ${path}.`);
    }
    bytes[name] = (await stat(coded)).size;
  }
  const png = (await stat(source)).size;
  await rm(folder, { recursive: true });
  const [encode, decode] = costs.map(({ cpuSeconds }) => cpuSeconds);
  const seconds = { encode: encode ?? NaN, decode: decode ?? NaN };
  return { set, file: basename(path), pixels: info.width * info.height, png, bytes, seconds };
}

/** The photograph decoders write PPM, which has no alpha. */
function toPng(name: CodecName, coded: string, decoded: string): string[] {
  if (name.startsWith('cwebp')) return ['dwebp', coded, '-o', decoded];
  if (name.startsWith('cjxl')) return ['djxl', coded, decoded];
  return CODECS[name].decode(coded, decoded);
}

/** Returns the RGBA samples of a PNG, identical for every encoding of the same pixels. */
async function pixelsOf(path: string, deep?: boolean) {
  const png = await readFile(path);
  const isDeep = deep ?? png[24] === 16;
  const image = sharp(png, { ignoreIcc: true })
    .toColourspace(isDeep ? 'rgb16' : 'srgb')
    .ensureAlpha();
  const { data, info } = await image.raw({ depth: isDeep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
  return { data, info, isDeep };
}

async function reportOf(rows: readonly Row[]): Promise<string> {
  const blocks = Object.entries(SETS).flatMap(([name, { title }]) => {
    const ofSet = rows.filter(({ set }) => set === name).sort((a, b) => (a.file < b.file ? -1 : 1));
    return ofSet.length === 0 ? [] : [`## ${title}`, summaryOf(ofSet), tableOf(ofSet)];
  });
  const how =
    'Bytes of files without metadata, each decoded and compared with the source. Times are CPU seconds on one core, with `--no-verify`. ' +
    'Generated by `npm run bench:formats`.';
  return markdownFile(['# Images other than 8-bit photographs', how, `${await gitCommit()}, ${today()}`, ...blocks]);
}

const columns: readonly (readonly [label: string, bytes: (row: Row) => number])[] = [
  ['PNG as given', ({ png }) => png],
  ...OTHERS.map((name) => [CODECS[name].label, (row: Row) => row.bytes[name] ?? NaN] as const),
];

const ours = (row: Row): number => row.bytes[OURS] ?? NaN;

function summaryOf(rows: readonly Row[]): string {
  const header = ['pixrnn against', 'Mean of the ratios', 'Ratio of the totals', 'Smaller'];
  const lines = columns.flatMap(([label, theirs]) => {
    const known = rows.filter((row) => Number.isFinite(theirs(row)));
    if (known.length === 0) return [];
    const sum = (of: (row: Row) => number): number => known.reduce((total, row) => total + of(row), 0);
    const smaller = known.filter((row) => ours(row) < theirs(row)).length;
    return [
      [
        label,
        fixed(mean(known.map((row) => ours(row) / theirs(row))), 4),
        fixed(sum(ours) / sum(theirs), 4),
        `${smaller} of ${known.length}`,
      ],
    ];
  });
  return markdownTable(header, lines);
}

function tableOf(rows: readonly Row[]): string {
  const header = ['Image', 'Mpx', ...columns.map(([label]) => label), 'pixrnn', 'Encode, s', 'Decode, s'];
  const count = (bytes: number): string => (Number.isFinite(bytes) ? bytes.toLocaleString('en-US') : NONE);
  return markdownTable(
    header,
    rows.map((row) => [
      row.file,
      fixed(row.pixels / 1e6, 2),
      ...columns.map(([, theirs]) => count(theirs(row))),
      count(ours(row)),
      fixed(row.seconds.encode, 1),
      fixed(row.seconds.decode, 1),
    ]),
  );
}

await runMain(main);
