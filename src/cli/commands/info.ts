import type { CommandModule } from 'yargs';
import { revisionOf } from '../../codec/container-layout.js';
import { type Container, containerOverhead, decodeContainer } from '../../codec/container.js';
import { PixrnnError } from '../../errors.js';
import { channelsName } from '../../image/raster.js';
import { idText } from '../../model/model.js';
import { findModel } from '../../model/registry.js';
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
  const { width, height, channels } = container.header;
  const count = (kind: string): number =>
    container.tiles.filter(({ representation }) => representation === kind).length;
  const codedBytes = container.tiles.reduce((sum, { payload }) => sum + payload.length, 0);
  const overheadBytes = containerOverhead(container);
  return {
    file,
    revision: revisionOf(bytes),
    width,
    height,
    channels,
    model: await modelNamed(container),
    effort: container.header.modelId === null ? null : container.header.effort,
    tiles: container.tiles.length,
    representations: { model: count('model'), raw: count('raw') },
    bytes: bytes.length,
    codedBytes,
    metadataBytes: bytes.length - codedBytes - overheadBytes, // whole chunks, so that the three add up
    overheadBytes,
    bitsPerDim: (8 * bytes.length) / (width * height * channels),
    digest: Buffer.from(container.digest).toString('hex'),
  };
}

/** The id is in the file; the name is known where the model is here. */
async function modelNamed({ header }: Container): Promise<{ id: string; name: string | null } | null> {
  if (header.modelId === null) return null;
  const id = idText(header.modelId);
  try {
    return { id, name: (await findModel(header.modelId, [])).name };
  } catch (error) {
    if (error instanceof PixrnnError && error.code === 'unknown-model') return { id, name: null };
    throw error;
  }
}

function describe(info: Info): string {
  const { model, tiles, representations } = info;
  const kinds = `${representations.model} by the model, ${representations.raw} as raw samples`;
  const rows = [
    ['  image', `${info.width} x ${info.height} ${channelsName(info.channels)}, 8 bits`],
    ['  model', model === null ? 'none' : `${model.id} ${model.name ?? '(not on this machine)'}`],
    ...(info.effort === null ? [] : [['  effort', String(info.effort)]]),
    ['  tiles', `${tiles}: ${kinds}`],
    ['  size', `${formatBytes(info.bytes)}, ${formatBitsPerDim(info.bitsPerDim)}`],
    ['  coded', formatBytes(info.codedBytes)],
    ['  metadata', formatBytes(info.metadataBytes)],
    ['  overhead', formatBytes(info.overheadBytes)],
    ['  revision', String(info.revision)],
  ];
  return `${displayName(info.file)}\n${formatTable(rows, ['left', 'left'])}`;
}
