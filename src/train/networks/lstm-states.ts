import * as tf from '@tensorflow/tfjs-core';
import { GATES } from '../../model/pixelrnn/tensors.js';
import { Scan, type ScanDirection } from './lstm-kernel.js';

/** Offsets [dx, dy] of the previous states that each scan order uses, in the order of the state-to-state kernel. */
const TAPS: Readonly<Record<ScanDirection, readonly (readonly [number, number])[]>> = {
  rows: [
    [-1, -1],
    [0, -1],
    [1, -1],
  ],
  left: [
    [0, -1],
    [-1, 0],
  ],
  right: [
    [0, -1],
    [1, 0],
  ],
};

/**
 * Returns the states of an LSTM layer (paper, equation 3), [b, y, x, h], from its input-to-state maps [b, y, x, 4h] and its
 * state-to-state kernel [taps * h, 4h], both ordered by gate (o, f, i, g). The recurrence runs in `training.wasm`; the
 * gradient by the weights is a matrix product.
 */
export function lstmStates(maps: tf.Tensor4D, weight: tf.Tensor2D, direction: ScanDirection): tf.Tensor4D {
  const [batch, height, width, columns] = maps.shape;
  const hidden = columns / GATES;
  const op = tf.customGrad((x, w, save) => {
    const scan = new Scan({ direction, batch, height, width, hidden });
    const scanned = scan.forward((x as tf.Tensor).dataSync<'float32'>(), (w as tf.Tensor).dataSync<'float32'>());
    const states = tf.tensor4d(scanned, [batch, height, width, hidden]);
    (save as tf.GradSaveFunc)([states]);
    return {
      value: states,
      gradFunc: (dy: tf.Tensor, [kept]: tf.Tensor[]) => {
        const byMaps = tf.tensor4d(scan.backward(dy.dataSync<'float32'>()), [batch, height, width, columns]);
        const seen = tf.concat(
          TAPS[direction].map(([dx, dy]) => shifted(kept as tf.Tensor4D, dx, dy)),
          3,
        );
        const flat = (t: tf.Tensor): tf.Tensor2D => tf.reshape(t, [batch * height * width, -1]);
        return [byMaps, tf.matMul(flat(seen), flat(byMaps), true, false)];
      },
    };
  });
  return op(maps, weight);
}

/** Returns the map shifted so that each pixel has the values at offset (dx, dy), zero outside the image; dx is -1, 0 or 1, dy 0 or -1. */
function shifted(map: tf.Tensor4D, dx: number, dy: number): tf.Tensor4D {
  const [batch, height, width, features] = map.shape;
  const inside = tf.slice(map, [0, 0, Math.max(0, dx), 0], [batch, height + dy, width - Math.abs(dx), features]);
  return tf.pad(inside, [
    [0, 0],
    [-dy, 0],
    [Math.max(0, -dx), Math.max(0, dx)],
    [0, 0],
  ]);
}

/** Reorders columns from the order of models (channel group, then gate) to gate order; [n, 4h]. */
export function byGate(columns: tf.Tensor2D, channels: number): tf.Tensor2D {
  if (channels === 1) return columns;
  const [n, width] = columns.shape;
  const apart = tf.reshape(columns, [n, channels, GATES, width / (GATES * channels)]);
  return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [n, width]);
}

/** Shifts a map down by one row; the first row becomes zero. [b, y, x, f] */
export function shiftedDown(map: tf.Tensor4D): tf.Tensor4D {
  return shifted(map, 0, -1);
}
