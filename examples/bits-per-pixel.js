// @ts-check
// Prints the bits of each channel and writes a map of the bits of each pixel:
//   node examples/bits-per-pixel.js photo.png map.png
import { readFile, writeFile } from 'node:fs/promises';
import { measureMap, readImage, writeImage } from 'pixrnn';

const [source = 'photo.png', target = 'map.png'] = process.argv.slice(2);

const { raster } = await readImage(await readFile(source));
const { width, height, channels } = raster;
const { bits, codeLengthBits } = await measureMap(raster, { effort: 1 });

const total = codeLengthBits.reduce((sum, length) => sum + length, 0);
console.log(`${source}: ${(total / (width * height * channels)).toFixed(3)} bits/dim by the model's likelihood`);
codeLengthBits.forEach((length, channel) => {
  console.log(`  channel ${channel}: ${(length / (width * height)).toFixed(3)} bits per pixel`);
});

// Draw the map as a gray image; the most expensive pixel is white.
const max = bits.reduce((highest, value) => Math.max(highest, value), 0) || 1;
const samples = Uint8Array.from(bits, (value) => Math.round((255 * value) / max));
const map = await writeImage({ width, height, channels: 1, depth: 8, indexed: false, samples }, [], 'png');
await writeFile(target, map);
console.log(`${target}: white is ${max.toFixed(1)} bits per pixel`);
