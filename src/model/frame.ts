/**
 * The frame of a softmax network: every sample is seen relative to a base value that encoder and decoder both have
 * before the sample is coded.
 *
 * - `absolute`: the base is 128 everywhere; the network sees the image itself, as in the paper.
 * - `local`: the base is a linear prediction from the four nearest known neighbours. Inputs and predictions are then
 * independent of local brightness, an invariance that a small network cannot learn.
 *
 * Softmax class k of a sample stands for the value (centre + k) mod 256, so both frames have 256 classes.
 * `assembly/models/pixelrnn/frame.ts` implements the same arithmetic in the engine; a test compares the two.
 */
export type Frame = 'absolute' | 'local';

/** Rows above and columns to either side in the window of the first layer: a 7x7 kernel with mask A. */
const WINDOW_REACH = 3;

/** The 24 causal positions [dx, dy] of the 7x7 window in raster order, without the pixel itself. */
export const WINDOW_TAPS: readonly (readonly [number, number])[] = (() => {
  const taps: [number, number][] = [];
  for (let dy = -WINDOW_REACH; dy <= 0; dy++) {
    for (let dx = -WINDOW_REACH; dx <= WINDOW_REACH; dx++) if (dy < 0 || dx < 0) taps.push([dx, dy]);
  }
  return taps;
})();

/**
 * Returns the number of inputs of the first layer per pixel: the window, the base values, the pixel's earlier channels.
 */
export function inputWidth(channels: number): number {
  return WINDOW_TAPS.length * channels + channels + (channels - 1);
}

const clampToByte = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : v);

/**
 * Returns the base values, [height][width][channels], of an image of the same shape. In the `local` frame: (W + N) / 2
 * + (NE - NW) / 4, rounded half up and clamped to 0..255. At the left border W and NW are replaced by N, at the right
 * border NE by N, in the first row all by W; the first pixel has 128.
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
 * Returns the centre of every sample's distribution, [height][width][channels]. For the first channel it is the base
 * value; for a later channel, in the local frame, its base value plus the previous channel's difference from its own
 * base, clamped to 0..255.
 */
export function centreValues(samples: Uint8Array, base: Uint8Array, channels: number, frame: Frame): Uint8Array {
  if (frame === 'absolute') return base;
  return base.map((own, i) =>
    i % channels > 0 ? clampToByte(own + (samples[i - 1] as number) - (base[i - 1] as number)) : own,
  );
}

/** Returns the softmax classes, [height][width][channels]: samples minus their centres, modulo 256. */
export function softmaxClasses(samples: Uint8Array, base: Uint8Array, channels: number, frame: Frame): Uint8Array {
  return centreValues(samples, base, channels, frame).map((centre, i) => ((samples[i] as number) - centre) & 255);
}

/**
 * Maps a difference from the base to a network input: 4 d / (|d| + 12), which is steep near zero, where most
 * differences of photographs are, and bounded by 4. Networks learned faster with it than with d / 32, 4 d / (|d| + 32)
 * and 4 d / (|d| + 5) (docs/RESULTS.md). It is a single division, so every machine rounds it alike.
 */
export function squash(difference: number): number {
  return Math.fround((4 * difference) / (Math.abs(difference) + 12));
}

/** squash(d) at index d + 255. */
const SQUASHED = Float32Array.from({ length: 511 }, (_, i) => squash(i - 255));

/**
 * Writes the first-layer inputs of a whole image to `out`, [height * width][inputWidth]: the window tap by tap, channel
 * by channel (0 outside the image), then the base values as (base - 128) / 128, then the pixel's own channels except
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
