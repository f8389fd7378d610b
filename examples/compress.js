// @ts-check
// Compresses an image file:
//   node examples/compress.js photo.png photo.prnn
import { writeFile } from 'node:fs/promises';
import { compress } from 'pixrnn';

const [source = 'photo.png', target = 'photo.prnn'] = process.argv.slice(2);

const { bytes, width, height, channels, modelName, warnings } = await compress(source, { effort: 1 });
await writeFile(target, bytes);

for (const warning of warnings) console.warn(`${source}: ${warning}`);
const bitsPerDim = (8 * bytes.length) / (width * height * channels);
console.log(`${target}: ${bytes.length} bytes, ${bitsPerDim.toFixed(3)} bits/dim with ${modelName}`);
