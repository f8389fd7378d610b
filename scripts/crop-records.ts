import type { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { type PhotoInputs, headExtras, photoInputs } from '#pixrnn/model/photo.js';
import { toBfloat16 } from '#pixrnn/model/safetensors.js';
import { cutCrop, sectionsIn } from '#pixrnn/train/photo-crops.js';

/** Layout of the records that scripts/torch reads. */
export interface CropLayout {
  /** Width and height of a crop. */
  readonly side: number;
  readonly channels: number;
  /** Inputs of the first layer per pixel. */
  readonly inputs: number;
  /** Further inputs of each head per pixel. */
  readonly extras: readonly number[];
  /** Length of a record. */
  readonly bytes: number;
}

/** Returns the layout for crops of `side` x `side` pixels. */
export function cropLayout(spec: PhotoInputs, side: number): CropLayout {
  const { channels } = spec;
  const inputs = photoInputs(spec);
  const extras = Array.from({ length: channels }, (_, c) => headExtras(spec, c));
  const width = extras.reduce((sum, n) => sum + n, inputs);
  return { side, channels, inputs, extras, bytes: side ** 2 * (2 * width + 5 * channels) };
}

/**
 * Returns the record of a crop, samples [side][side][channels]: the sections of `sectionLengths`, inputs and extras as
 * bfloat16, centres as f32, values as bytes.
 */
export function cropRecord(features: PhotoFeatures, samples: Uint8Array, spec: PhotoInputs, side: number): Uint8Array {
  const records = features.records(samples, side, side, spec);
  const sections = sectionsIn(cutCrop(records, side, spec, [0, 0], side), spec, side ** 2);
  const values = Uint8Array.from(sections.at(-1) as Float32Array);
  const centres = sections.at(-2) as Float32Array;
  const parts = sections.slice(0, -2).map((section) => {
    const bits = new Uint32Array(toBfloat16(section).buffer);
    return Uint16Array.from(bits, (word) => word >>> 16);
  });
  return Buffer.concat([...parts, centres, values].map((p) => new Uint8Array(p.buffer, p.byteOffset, p.byteLength)));
}
