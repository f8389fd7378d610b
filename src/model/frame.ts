/**
 * The frame in which a softmax network sees an image: every sample is taken relative to a base value that encoder and
 * decoder both know before the sample is coded.
 *
 * - `absolute`: the base is 128 everywhere; the network sees the image itself, as in the paper.
 * - `local`: the base is a linear prediction from the four nearest known neighbours. What the network sees and what
 *   it predicts then no longer depend on how bright the place is, which a small network cannot learn by itself.
 *
 * Softmax class k of a sample stands for the value (centre + k) mod 256, so there are 256 classes in either frame.
 * `assembly/models/pixelrnn/frame.ts` is the same arithmetic in the engine; a test holds the two together.
 */
export type Frame = 'absolute' | 'local';

/** Rows above and columns to either side that the first layer sees: a 7x7 kernel with mask A. */
const WINDOW_REACH = 3;

/** The causal positions of the 7x7 window in raster order, without the pixel itself: 24 of [dx, dy]. */
export const WINDOW_TAPS: readonly (readonly [number, number])[] = (() => {
  const taps: [number, number][] = [];
  for (let dy = -WINDOW_REACH; dy <= 0; dy++) {
    for (let dx = -WINDOW_REACH; dx <= WINDOW_REACH; dx++) if (dy < 0 || dx < 0) taps.push([dx, dy]);
  }
  return taps;
})();

/** Numbers that the first layer gets for one pixel: the window, the base values, the pixel's own earlier channels. */
export function inputWidth(channels: number): number {
  return WINDOW_TAPS.length * channels + channels + (channels - 1);
}

const clampToByte = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/**
 * Base values, [height][width][channels], of an interleaved image of the same shape. Local: (W + N) / 2 + (NE - NW) /
 * 4, rounded half up and clamped to 0..255; at the left border W and NW are N, at the right border NE is N, in the
 * first row all are W, and the very first pixel has 128.
 */
export function baseValues(samples: Uint8Array, width: number, channels: number, frame: Frame): Uint8Array {
  const base = new Uint8Array(samples.length).fill(128);
  if (frame === 'absolute') return base;
  const row = width * channels;
  for (let i = 0; i < samples.length; i++) {
    const x = Math.floor((i % row) / channels);
    const at = (offset: number): number => samples[i + offset] as number;
    if (i < row) {
      if (x > 0) base[i] = at(-channels);
      continue;
    }
    const n = at(-row);
    const w = x > 0 ? at(-channels) : n;
    const nw = x > 0 ? at(-row - channels) : n;
    const ne = x < width - 1 ? at(channels - row) : n;
    base[i] = clampToByte((2 * (w + n) + ne - nw + 2) >> 2);
  }
  return base;
}

/**
 * Where the distribution of every sample lies, [height][width][channels]. The centre of the first channel is its base; that
 * of a later one is its base plus what the channel before lay above its own base, clamped to 0..255 (local frame only).
 */
export function centreValues(samples: Uint8Array, base: Uint8Array, channels: number, frame: Frame): Uint8Array {
  if (frame === 'absolute') return base;
  return base.map((own, i) =>
    i % channels > 0 ? clampToByte(own + (samples[i - 1] as number) - (base[i - 1] as number)) : own,
  );
}

/** Softmax classes, [height][width][channels]: samples less their centres, modulo 256. */
export function softmaxClasses(samples: Uint8Array, base: Uint8Array, channels: number, frame: Frame): Uint8Array {
  return centreValues(samples, base, channels, frame).map((centre, i) => ((samples[i] as number) - centre) & 255);
}

/**
 * A difference to the base as the network gets it: 4 d / (|d| + 12), steep near zero, where photographs live, and
 * bounded by 4. Of d / 32, 4 d / (|d| + 32), this and 4 d / (|d| + 5) it learned fastest (docs/RESULTS.md). A single
 * division, so every machine rounds it alike.
 */
export function squash(difference: number): number {
  return Math.fround((4 * difference) / (Math.abs(difference) + 12));
}

/** squash(d) at d + 255. */
const SQUASHED = Float32Array.from({ length: 511 }, (_, i) => squash(i - 255));

/**
 * First-layer inputs of a whole image into `out`, [height * width][inputWidth]. Order: the window tap by tap, channel
 * by channel (0 outside of the image), then the base values as (base - 128) / 128, then the pixel's own channels but
 * the last.
 */
export function gatherInputs(
  samples: Uint8Array,
  base: Uint8Array,
  width: number,
  height: number,
  channels: number,
  out: Float32Array,
): void {
  let o = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = (y * width + x) * channels;
      for (const [dx, dy] of WINDOW_TAPS) {
        const inside = y + dy >= 0 && x + dx >= 0 && x + dx < width;
        const there = here + (dy * width + dx) * channels;
        for (let c = 0; c < channels; c++) {
          out[o++] = inside
            ? (SQUASHED[(samples[there + c] as number) - (base[here + c] as number) + 255] as number)
            : 0;
        }
      }
      for (let c = 0; c < channels; c++) out[o++] = ((base[here + c] as number) - 128) / 128;
      for (let c = 0; c < channels - 1; c++) {
        out[o++] = SQUASHED[(samples[here + c] as number) - (base[here + c] as number) + 255] as number;
      }
    }
  }
}
