/** The gradient of a segment as docs/format/photo.md defines it ("The gradient"), in plain JavaScript. */
import {
  ACTIVATION_SCALE,
  type PhotoSizes,
  type ReferenceNetwork,
  type Seen,
  firstLearned,
  fixed,
  fixedCount,
  layerShapes,
  scaleOf,
  weightCount,
} from './photo-reference.js';

type Rows = readonly (readonly number[])[];

/**
 * Returns the gradient of the learned weights as f32, in tensor order.
 * @param seen of the segment's pixels, in the documented arithmetic
 * @param slopes derivatives with respect to the parameters, by channel and pixel
 */
export function documentedGradient(
  sizes: PhotoSizes,
  network: ReferenceNetwork,
  seen: readonly Seen[],
  slopes: readonly Rows[],
): Float32Array {
  const { channels, features, blocks } = sizes;
  const out = new Float32Array(weightCount(sizes));
  const starts: number[] = [];
  layerShapes(sizes).reduce((at, [inputs, width]) => (starts.push(at), at + (inputs + 1) * width), 0);

  /** Writes a layer's gradient; returns the function that computes the gradient with respect to its inputs. */
  const layer = (index: number, inputs: Rows, by: Rows) => {
    const { matrix, scale: weightScale, width } = network.layer(index);
    const scale = scaleOf(by.flat(), width, Math.min(16383, Math.floor(262143 / width)));
    const integers = by.map((row) => row.map((d) => fixed(d, scale)));
    const start = starts[index] as number;
    const count = (inputs[0] as readonly number[]).length;
    for (let j = 0; j < width; j++) {
      for (let k = 0; k < count; k++) {
        const sum = inputs.reduce((s, row, q) => s + (row[k] as number) * (integers[q]?.[j] as number), 0);
        out[start + k * width + j] = Math.fround(sum) * (1 / scale / ACTIVATION_SCALE);
      }
      out[start + count * width + j] = by.reduce((s, row) => Math.fround(s + (row[j] as number)), 0);
    }
    /** With respect to `rows` of the inputs, starting at `first`. */
    return (first: number, rows: number): number[][] =>
      integers.map((row) =>
        Array.from({ length: rows }, (_, k) => {
          const sum = row.reduce((s, d, j) => s + d * (matrix[(first + k) * width + j] as number), 0);
          return Math.fround(Math.fround(sum) * ((1 / scale) * (1 / weightScale)));
        }),
      );
  };

  let byFeatures: number[][] | null = null;
  for (let c = 0; c < channels; c++) {
    const index = 1 + 2 * blocks + 2 * c;
    const hidden = seen.map(({ heads }) => heads[c]?.hidden as readonly number[]);
    const byHidden = leakyReluGradient(layer(index + 1, hidden, slopes[c] as Rows)(0, sizes.head), hidden);
    const inputs = seen.map(({ features: f, heads }) => [...f, ...(heads[c]?.own as readonly number[])]);
    const more = layer(index, inputs, byHidden)(0, features);
    byFeatures = byFeatures ? plus(byFeatures, more) : more;
  }
  let by = leakyReluGradient(
    byFeatures as number[][],
    seen.map(({ features: f }) => f),
  );
  for (let i = blocks - 1; 1 + 2 * i >= firstLearned(sizes); i--) {
    const block = seen.map((pixel) => pixel.blocks[i] as Seen['blocks'][number]);
    const convolved = block.map((b) => b.convolved);
    const byConvolved = leakyReluGradient(layer(2 + 2 * i, convolved, by)(0, features), convolved);
    const taps = block.map((b) => b.taps.flat());
    const own = taps.map((row) => row.slice(4 * features));
    by = plus(by, leakyReluGradient(layer(1 + 2 * i, taps, byConvolved)(4 * features, features), own));
  }
  return out.subarray(fixedCount(sizes));
}

function leakyReluGradient(by: Rows, active: Rows): number[][] {
  const slope = Math.fround(0.1);
  return by.map((row, q) => row.map((d, k) => ((active[q]?.[k] as number) > 0 ? d : Math.fround(d * slope))));
}

function plus(a: Rows, b: Rows): number[][] {
  return a.map((row, q) => row.map((d, k) => Math.fround(d + (b[q]?.[k] as number))));
}
