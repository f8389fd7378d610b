import { countJpegBytes, countRepresentations, type PrnnFile } from '../codec/container.js';
import { channelsName } from '../image/raster.js';
import { describeRepresentations } from '../report/representations.js';
import { formatBytes, formatNumber } from './messages.js';
import { modelNames } from './used-model.js';

/** What messages say about a parsed .prnn file. */
export interface FileFacts {
  /** "640 x 480 RGB"; "640 x 480 JPEG" and "640 x 480" for files that do not code samples. */
  readonly image: string;
  readonly width: number;
  readonly height: number;
  /** Names of the models that decoding needs. */
  readonly models: readonly string[];
  /** Fields of --json. */
  readonly json: object;
  /** Rows of --verbose. */
  readonly details: readonly (readonly [name: string, value: string])[];
}

export function factsOf(file: PrnnFile): FileFacts {
  const { width, height } = 'header' in file ? file.header : file;
  const size = `${width} x ${height}`;
  if ('source' in file) {
    const details = [['stored', `the source file, ${formatBytes(file.source.length)}`]] as const;
    return { image: size, width, height, models: [], json: { width, height, models: [] }, details };
  }
  if ('record' in file) {
    const { codedBytes, metadataBytes } = countJpegBytes(file, 0);
    const details = [
      ['stored', `${formatBytes(codedBytes)} of JPEG coefficients, ${formatBytes(metadataBytes)} of everything else`],
      ['effort', String(file.effort)],
    ] as const;
    return { image: `${size} JPEG`, width, height, models: [], json: { width, height, models: [] }, details };
  }
  const { header } = file;
  const { channels, depth, indexed } = header;
  const models = modelNames(header);
  const image = `${size} ${channelsName(channels, indexed)}`;
  const details = [
    ['image', `${image}, ${formatNumber(depth, 'bit')} per sample`],
    ['stored', describeRepresentations(countRepresentations(file))],
    ['model', models.length === 0 ? 'none' : `${models.join(', ')}, effort ${header.effort}`],
  ] as const;
  return { image, width, height, models, json: { width, height, channels, depth, indexed, models }, details };
}
