// @ts-check
// Inspects a file, then decompresses some of its rows:
//   node examples/rows.js photo.prnn 1000 1100 rows.png
import { writeFile } from 'node:fs/promises';
import { decompress, inspect } from 'pixrnn';

const [source = 'photo.prnn', first = '0', end = '100', target = 'rows.png'] = process.argv.slice(2);

const { width, height, colourType, depth, tiles, scaleBytes } = await inspect(source);
console.log(`${source}: ${width} x ${height} ${colourType}, ${depth} bits per sample, ${tiles} tiles`);

// Only the tiles that these rows touch are decoded, and the hash of each is checked.
const rows = await decompress(source, { rows: [Number(first), Math.min(Number(end), height)] });
await writeFile(target, rows.bytes);
console.log(`${target}: ${rows.width} x ${rows.height}`);

// A file compressed with a multi-scale model begins with a small image.
if (scaleBytes.length > 1) {
  const preview = await decompress(source, { preview: true, format: 'raster' });
  console.log(`preview: ${preview.raster.width} x ${preview.raster.height}, 1/${preview.factor} of the image`);
}
