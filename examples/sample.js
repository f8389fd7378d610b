// @ts-check
// Draws images from a model:
//   node examples/sample.js mnist-pixelcnn 3 digits-
import { writeFile } from 'node:fs/promises';
import { namedModel, sampleImages, writeImage } from 'pixrnn';

const [name = 'mnist-pixelcnn', count = '3', prefix = 'sample-'] = process.argv.slice(2);

const model = await namedModel(name); // the name of a shipped model, or the path of a model file
const depth = name.startsWith('mnist') ? 1 : 8; // the MNIST models draw black and white
const size = depth === 1 ? { width: 28, height: 28 } : { width: 32, height: 32 };

// The same seed draws the same images on every machine.
const images = await sampleImages(model, size, Number(count), { seed: 1, temperature: 1 });
for (const [i, samples] of images.entries()) {
  const raster = { ...size, channels: model.spec.channels, depth, indexed: false, samples };
  const path = `${prefix}${i + 1}.png`;
  await writeFile(path, await writeImage(/** @type {import('pixrnn').Raster} */ (raster), [], 'png'));
  console.log(path);
}
