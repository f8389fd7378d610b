/** Weights and inputs for tests of the photo network. */
import { type PhotoSpec, photo, photoInputs, headExtras } from '#pixrnn/model/photo.js';
import type { PhotoTiles } from '#pixrnn/train/networks/photo.js';
import { generator } from '../../fixtures/draw.js';

/** Returns weights large enough for every tensor to matter, including biases. */
export function drawnPhotoTensors(spec: PhotoSpec, seed = 1): Map<string, Float32Array> {
  const random = generator(seed);
  const tensors = photo.shapes(spec).map(({ name, shape }) => {
    const [inputs = 1, outputs] = shape;
    const scale = outputs === undefined ? 0.4 : 3 / Math.sqrt(inputs);
    const length = shape.reduce((product, d) => product * d, 1);
    return [name, Float32Array.from({ length }, () => scale * (random() - 0.5))] as const;
  });
  return new Map(tensors);
}

/** Returns inputs like the engine's, with values at both ends. */
export function drawnTiles(spec: PhotoSpec, shape: PhotoTiles['shape'], seed = 1): PhotoTiles {
  const random = generator(seed);
  const { channels } = spec;
  const n = shape.batch * shape.height * shape.width;
  const drawn = (length: number, width: number) => Float32Array.from({ length }, () => width * (random() - 0.5));
  const centres = drawn(channels * n, 60).map((v, i) => (i % 7 === 0 ? 2 : i % 7 === 1 ? 253 : 128) + v / 10);
  return {
    shape,
    inputs: drawn(n * photoInputs(spec), 2),
    extras: Array.from({ length: channels }, (_, c) => drawn(n * headExtras(spec, c), 4)),
    centres,
    values: centres.map((v, i) => [0, 255][i % 7] ?? Math.round(v + 40 * (random() - 0.5))),
  };
}
