import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodecName, CODECS } from './codec.js';
import { type Cost, runMeasured } from './measured-run.js';
import { readPixels, samePixels, type Pixels } from './pixels.js';

/** Result of one codec on one image. */
export interface CodecResult {
  bytes: number;
  encode: Cost;
  decode: Cost;
  /** Whether the decoder restored the source's samples. */
  lossless: boolean;
}

/** Encodes and decodes a PNG on one core. `folder` must not be used for other images at the same time. */
export async function runCodec(
  name: CodecName,
  png: string,
  source: Pixels,
  { core, folder }: { core: string; folder: string },
): Promise<CodecResult> {
  const codec = CODECS[name];
  const coded = join(folder, `coded.${name}`);
  const decoded = join(folder, `decoded-${name}.${codec.decodesTo}`);
  const encode = await runMeasured(codec.encode(png, coded), core, folder);
  const decode = await runMeasured(codec.decode(coded, decoded), core, folder);
  const lossless = samePixels(source, await readPixels(decoded));
  return { bytes: (await stat(coded)).size, encode, decode, lossless };
}
