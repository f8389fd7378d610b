import type { TensorShape } from '../architecture.js';
import { WINDOW_TAPS } from '../frame.js';
import { CAUSAL_TAPS, channelMask, featureGroups } from '../masks.js';
import { elementCount } from '../tensor-shape.js';
import { type PixelRnnKind, type PixelRnnSpec, outputWidth } from './spec.js';

/** Number of gates of an LSTM: output, forget, input and content, in this order (paper, equation 3). */
export const GATES = 4;
/** Pixels of the small image that determine a feature of its map: 3x3. */
export const CONDITION_TAPS = 9;

/** A layer y = bias + x W: the groups of its inputs (-1 if all output groups may use an input) and its outputs. */
interface Layer {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly outputs: number;
  readonly mask: 'A' | 'B' | null;
  readonly bias: boolean;
}

const ALL_SEE = -1;

const seenByAll = (count: number): number[] => new Array<number>(count).fill(ALL_SEE);

/**
 * Returns the layers in the order of the model id and of the engine, each a weight and, for most, a bias after it.
 * Outputs of LSTM layers are ordered by channel group and within a group by gate (o, f, i, g).
 */
function layers(spec: PixelRnnSpec): Layer[] {
  const { channels, hidden, blocks, head, condition, output } = spec;
  const wide = 2 * hidden;
  const layer = (name: string, inputs: readonly number[], outputs: number, mask: Layer['mask'] = 'B'): Layer => ({
    name,
    inputs,
    outputs,
    mask,
    bias: true,
  });
  const groups = (width: number): number[] => featureGroups(width, channels);
  const context = seenByAll(WINDOW_TAPS.length * channels + channels);
  const own = Array.from({ length: channels - 1 }, (_, c) => c);

  const list = [layer('input', [...context, ...own], wide, 'A')];
  if (condition) {
    const { factor, features } = condition;
    list.push(
      layer('upsample.conv', seenByAll(CONDITION_TAPS * channels), features, null),
      layer('upsample.deconv', seenByAll(features), factor * factor * features, null),
    );
  }
  for (let i = 0; i < blocks; i++) {
    const name = `block.${i}`;
    if (spec.architecture === 'pixelcnn') {
      // The channel mask applies to the pixel itself.
      const neighbours = seenByAll((CAUSAL_TAPS - 1) * hidden);
      list.push(
        layer(`${name}.reduce`, groups(wide), hidden),
        layer(`${name}.conv`, [...neighbours, ...groups(hidden)], hidden),
        layer(`${name}.expand`, groups(hidden), wide),
      );
    } else if (spec.architecture === 'row-lstm') {
      // All of the pixel to the left, the pixel itself with mask B; then the states above: NW, N, NE.
      list.push(
        layer(`${name}.input`, [...seenByAll(wide), ...groups(wide)], GATES * hidden),
        { ...layer(`${name}.state`, seenByAll(3 * hidden), GATES * hidden, null), bias: false },
        layer(`${name}.expand`, groups(hidden), wide),
      );
    } else {
      // From the previous column of the skewed map: the state of the row above, then that of the same row.
      for (const direction of ['left', 'right']) {
        list.push(layer(`${name}.${direction}.input`, groups(wide), GATES * hidden), {
          ...layer(`${name}.${direction}.state`, seenByAll(2 * hidden), GATES * hidden, null),
          bias: false,
        });
      }
      list.push(layer(`${name}.expand`, groups(hidden), wide));
    }
    if (spec.skip) list.push(layer(`${name}.skip`, groups(hidden), wide));
    if (condition) {
      const outputs = conditionedWidth(spec.architecture, hidden);
      list.push({ ...layer(`${name}.condition`, seenByAll(condition.features), outputs, null), bias: false });
    }
  }
  list.push(
    layer('head', groups(wide), head),
    layer(output === undefined ? 'softmax' : 'output', groups(head), outputWidth(spec) * channels),
  );
  return list;
}

/**
 * Returns the number of values of a layer to which the small image's map is added: the first map of a residual block,
 * or the input-to-state maps of an LSTM layer (of the two directions, left comes first).
 */
function conditionedWidth(architecture: PixelRnnKind, hidden: number): number {
  if (architecture === 'pixelcnn') return hidden;
  return (architecture === 'row-lstm' ? 1 : 2) * GATES * hidden;
}

/** Returns all tensors in the order in which the engine reads them. */
export function pixelRnnShapes(spec: PixelRnnSpec): TensorShape[] {
  return layers(spec).flatMap(({ name, inputs, outputs, bias }) => [
    { name: `${name}.weight`, shape: [inputs.length, outputs] },
    ...(bias ? [{ name: `${name}.bias`, shape: [outputs] }] : []),
  ]);
}

/**
 * Returns the 0/1 mask of each masked weight matrix by tensor name, row-major as the tensor. Only connections within a
 * pixel are masked: all features of the neighbours are known.
 */
export function pixelRnnMasks(spec: PixelRnnSpec): Map<string, Float32Array> {
  return new Map(
    layers(spec).flatMap(({ name, inputs, outputs, mask }) =>
      mask ? [[`${name}.weight`, channelMask(inputs, featureGroups(outputs, spec.channels), mask)] as const] : [],
    ),
  );
}

/** Returns the multiply-accumulates per pixel, without masked connections. */
export function pixelRnnMacs(spec: PixelRnnSpec): number {
  const masks = pixelRnnMasks(spec);
  const perPixel = ({ name, shape }: TensorShape): number => {
    if (!name.endsWith('.weight')) return 0;
    const mask = masks.get(name);
    if (mask) return mask.reduce((sum, m) => sum + m, 0);
    // The small image's map is computed once for each of its pixels.
    const share = name.startsWith('upsample.') ? (spec.condition?.factor ?? 1) ** 2 : 1;
    return elementCount(shape) / share;
  };
  return Math.round(pixelRnnShapes(spec).reduce((sum, tensor) => sum + perPixel(tensor), 0));
}
