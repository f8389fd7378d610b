/**
 * The sections "Tensors", "Base values", "Inputs of the first layer" and "The map of the small image" of
 * docs/format/pixelrnn.md: the inputs of the tested networks, and what their layers see. No code of src/.
 */
import type { PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';

/** Samples of 8 bits, or of 1 bit for a network of bits. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly samples: Uint8Array;
}

/** A network's side information about a picture: the samples and, with a condition, the small image. */
export interface Given {
  readonly spec: PixelRnnSpec;
  readonly picture: Picture;
  readonly small?: Uint8Array | undefined;
}

const f = Math.fround;

const squash = (d: number): number => f(f(4 * d) / f(Math.abs(d) + 12));

/** Returns P, the number of outputs of the last layer for a sample. */
export function outputsOfSample({ output, components }: PixelRnnSpec): number {
  if (output === undefined) return 256;
  return output === 'bernoulli' ? 1 : 3 * (components as number);
}

/**
 * Returns 1 if an output of a layer sees an input, otherwise 0, [inputs][outputs]; null if every output sees all
 * inputs.
 */
export function documentedMask(spec: PixelRnnSpec, layer: string, inputs: number, outputs: number): number[] | null {
  const { channels, hidden, architecture } = spec;
  const group = (feature: number, width: number): number => Math.floor((feature * channels) / width);
  const kind = layer.replace(/^block\.\d+\./, '');
  /** Returns the first output group that sees input k. */
  const firstGroup = (k: number): number => {
    if (layer === 'input') return k < 25 * channels ? 0 : k - 25 * channels + 1;
    if (kind === 'conv') return k < 4 * hidden ? 0 : group(k - 4 * hidden, hidden);
    if (kind === 'input' && architecture === 'row-lstm') return k < 2 * hidden ? 0 : group(k - 2 * hidden, 2 * hidden);
    return group(k, inputs);
  };
  if (/^(upsample\..*|.*state|condition)$/.test(kind)) return null;
  return Array.from({ length: inputs * outputs }, (_, i) =>
    group(i % outputs, outputs) >= firstGroup(Math.floor(i / outputs)) ? 1 : 0,
  );
}

/** Returns w' and h', the size of the small image. */
export function smallSize({ width, height }: Picture, factor: number): { width: number; height: number } {
  return { width: Math.ceil(width / factor), height: Math.ceil(height / factor) };
}

/** Returns the base values, in the order of the samples. */
export function documentedBase(given: Given): number[] {
  const { width, channels, samples } = given.picture;
  return Array.from(samples, (_, i) => {
    const pixel = Math.floor(i / channels);
    return baseOf(given, pixel % width, Math.floor(pixel / width), i % channels);
  });
}

function baseOf({ spec: { frame, condition }, picture, small }: Given, x: number, y: number, c: number): number {
  if (frame === 'absolute') return 128;
  const { width, channels, samples } = picture;
  if (condition && small) return smallBase(picture, small, condition.factor, x, y, c);
  const at = (u: number, v: number): number => samples[(v * width + u) * channels + c] as number;
  if (y === 0) return x === 0 ? 128 : at(x - 1, 0);
  const n = at(x, y - 1);
  const [w, nw] = x === 0 ? [n, n] : [at(x - 1, y), at(x - 1, y - 1)];
  const ne = x === width - 1 ? n : at(x + 1, y - 1);
  return Math.min(255, Math.max(0, Math.floor((2 * (w + n) + ne - nw + 2) / 4)));
}

function smallBase(picture: Picture, small: Uint8Array, f: number, x: number, y: number, c: number): number {
  const { width, height } = smallSize(picture, f);
  const s = (u: number, v: number): number => small[(v * width + u) * picture.channels + c] as number;
  const [left, top, a, b] = [Math.floor(x / f), Math.floor(y / f), x % f, y % f];
  const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
  const upper = (f - a) * (f - b) * s(left, top) + a * (f - b) * s(right, top);
  const lower = (f - a) * b * s(left, bottom) + a * b * s(right, bottom);
  return Math.floor((upper + lower + Math.floor((f * f) / 2)) / (f * f));
}

/** Returns the inputs of the first layer at every pixel, 26 C - 1 each. */
export function documentedInputs(given: Given): Float32Array {
  const { width, height, channels } = given.picture;
  const scale = given.spec.output === 'bernoulli' ? 255 : 1;
  const sample = (u: number, v: number, c: number): number =>
    scale * (given.picture.samples[(v * width + u) * channels + c] as number);
  const all = documentedBase(given);
  const inputs: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const base = all.slice((y * width + x) * channels, (y * width + x + 1) * channels);
      for (let dy = -3; dy <= 0; dy++) {
        for (let dx = -3; dx <= (dy < 0 ? 3 : -1); dx++) {
          const isInside = y + dy >= 0 && x + dx >= 0 && x + dx < width;
          base.forEach((b, c) => inputs.push(isInside ? squash(sample(x + dx, y + dy, c) - b) : 0));
        }
      }
      for (const b of base) inputs.push((b - 128) / 128);
      base.slice(0, -1).forEach((b, c) => inputs.push(squash(sample(x, y, c) - b)));
    }
  }
  return Float32Array.from(inputs);
}

/** Returns the inputs of `upsample.conv` at every pixel of the small image, 9 C each. */
export function documentedSmallInputs({ spec: { frame, condition }, picture, small }: Given): Float32Array {
  if (!condition || !small) throw new Error('no small image');
  const { channels } = picture;
  const { width, height } = smallSize(picture, condition.factor);
  const s = (u: number, v: number, c: number): number => small[(v * width + u) * channels + c] as number;
  const inputs: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const isInside = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
          for (let c = 0; c < channels; c++) {
            const centre = frame === 'local' ? s(x, y, c) : 128;
            inputs.push(isInside ? squash(s(x + dx, y + dy, c) - centre) : 0);
          }
        }
      }
    }
  }
  return Float32Array.from(inputs);
}
