import type { CommandModule } from 'yargs';
import {
  countBytes,
  countRepresentations,
  decodeContainer,
  isPngStream,
  type RepresentationCounts,
  VERSION,
} from '../../codec/container.js';
import { channelsName } from '../../image/raster.js';
import { referenceName } from '../../model/registry.js';
import { formatTable } from '../../report/table.js';
import { forEachFile, printJson } from '../batch.js';
import { readInput } from '../input.js';
import { displayName, formatBitsPerDim, formatBytes } from '../messages.js';
import { fileList, limiting, type LimitingArguments, printing } from '../options.js';

interface InfoArguments extends LimitingArguments {
  files: string[];
  json: boolean;
}

export const infoCommand: CommandModule<object, InfoArguments> = {
  command: 'info <files..>',
  describe: 'Show what is in .prnn files, without decoding them',
  builder: (yargs) =>
    yargs
      .positional('files', fileList('.prnn files; - is standard input'))
      .options({ ...limiting, ...printing })
      .example('$0 info photo.prnn', 'Size, model, tiles and bytes by purpose')
      .example('$0 info --json *.prnn', 'The same as one JSON object per file'),
  handler: ({ files, json, 'max-pixels': maxPixels }) =>
    forEachFile(files, json, async (file) => {
      const info = await inspect(file, maxPixels);
      if (json) printJson(info);
      else process.stdout.write(describe(info));
    }),
};

/** What `info` shows of a file; sizes in bytes. */
type Info = Awaited<ReturnType<typeof inspect>>;

async function inspect(file: string, maxPixels: number) {
  const { bytes } = await readInput(file);
  const container = decodeContainer(bytes, { maxPixels });
  const { header, image } = container;
  const { width, height, channels, depth, indexed } = header;
  const models = [header.rgbModel, header.grayModel].filter((model) => model !== null);
  return {
    file,
    version: VERSION,
    width,
    height,
    channels,
    depth,
    indexed,
    models: models.map(referenceName),
    effort: models.length === 0 ? null : header.effort,
    tiles: isPngStream(image) ? 0 : image.length,
    representations: countRepresentations(container),
    bytes: bytes.length,
    ...countBytes(container, bytes.length),
    bitsPerDim: (8 * bytes.length) / (width * height * channels),
    digest: Buffer.from(container.digest).toString('hex'),
  };
}

/** What representations are called, in the order in which they are told. */
const REPRESENTATION_NAMES: Readonly<Record<keyof RepresentationCounts, string>> = {
  model: 'by a model',
  colours: 'by the colour coder',
  raw: 'as raw samples',
  png: "as the PNG file's own stream",
};

/** "2 by a model, 1 as raw samples" */
export function describeRepresentations(counts: RepresentationCounts): string {
  const kinds = Object.entries(REPRESENTATION_NAMES) as [keyof RepresentationCounts, string][];
  return kinds.flatMap(([kind, name]) => (counts[kind] > 0 ? [`${counts[kind]} ${name}`] : [])).join(', ');
}

function describe(info: Info): string {
  const { models, tiles, representations } = info;
  const kind = `${channelsName(info.channels, info.indexed)}, ${info.depth} ${info.depth === 1 ? 'bit' : 'bits'} a sample`;
  const rows = [
    ['  image', `${info.width} x ${info.height} ${kind}`],
    ['  model', models.length === 0 ? 'none' : models.join(', ')],
    ...(info.effort === null ? [] : [['  effort', String(info.effort)]]),
    ['  tiles', `${tiles}; stored: ${describeRepresentations(representations)}`],
    ['  size', `${formatBytes(info.bytes)}, ${formatBitsPerDim(info.bitsPerDim)}`],
    ['  coded', formatBytes(info.codedBytes)],
    ['  metadata', info.metadataBytes === 0 ? 'none' : formatBytes(info.metadataBytes)],
    ['  overhead', formatBytes(info.overheadBytes)],
    ['  version', String(info.version)],
    ['  gives back', "pixels and metadata, not the source file's own bytes"],
  ];
  return `${displayName(info.file)}\n${formatTable(rows, ['left', 'left'])}`;
}
