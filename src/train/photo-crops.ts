import { type PhotoInputs, headExtras, photoInputs, recordLayout } from '../model/photo.js';
import type { PhotoTiles } from './networks/photo.js';

/**
 * The records of n pixels, by field: inputs [n][photoInputs], each channel's extras [n][headExtras(c)],
 * centres [channels][n] and values [channels][n].
 */
export type CropSections = readonly Float32Array[];

/** Returns the lengths of the sections of n pixels, in f32 values. */
export function sectionLengths(spec: PhotoInputs, n: number): number[] {
  const { channels } = spec;
  const extras = Array.from({ length: channels }, (_, c) => n * headExtras(spec, c));
  return [n * photoInputs(spec), ...extras, n * channels, n * channels];
}

/** Returns the sections of a buffer that contains them without gaps. */
export function sectionsIn(buffer: ArrayBuffer, spec: PhotoInputs, n: number): Float32Array[] {
  let at = 0;
  return sectionLengths(spec, n).map((length) => {
    const section = new Float32Array(buffer, at, length);
    at += 4 * length;
    return section;
  });
}

/** Returns sections as input of the network: tiles of this shape. */
export function tilesOf(sections: CropSections, { channels }: PhotoInputs, shape: PhotoTiles['shape']): PhotoTiles {
  const [inputs, ...others] = sections as [Float32Array, ...Float32Array[]];
  const [centres, values] = others.splice(channels) as [Float32Array, Float32Array];
  return { shape, inputs, extras: others, centres, values };
}

/** Cuts a square out of an image's records, [height][width][record]. Returns its sections in one buffer. */
export function cutCrop(
  records: Float32Array,
  width: number,
  spec: PhotoInputs,
  [left, top]: readonly [number, number],
  size: number,
): ArrayBuffer {
  const { channels } = spec;
  const n = size * size;
  const layout = recordLayout(spec);
  const inputs = photoInputs(spec);
  const total = sectionLengths(spec, n).reduce((sum, length) => sum + length, 0);
  const buffer = new ArrayBuffer(4 * total);
  const sections = sectionsIn(buffer, spec, n);
  const own = headExtras(spec, 0);
  for (let i = 0; i < n; i++) {
    const at = layout.size * ((top + Math.floor(i / size)) * width + left + (i % size));
    const part = (from: number, length: number): Float32Array => records.subarray(at + from, at + from + length);
    (sections[0] as Float32Array).set(part(layout.inputs, inputs), i * inputs);
    for (let c = 0; c < channels; c++) {
      const extras = sections[1 + c] as Float32Array;
      extras.set(part(layout.extras + c * own, own), i * headExtras(spec, c));
      extras.set(part(layout.conditions, headExtras(spec, c) - own), i * headExtras(spec, c) + own);
      (sections[1 + channels] as Float32Array)[c * n + i] = records[at + layout.centres + c] as number;
      (sections[2 + channels] as Float32Array)[c * n + i] = records[at + layout.values + c] as number;
    }
  }
  return buffer;
}
