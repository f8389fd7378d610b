// @ts-check
// Decompresses a .prnn file to the format of the target's extension:
//   node examples/decompress.js photo.prnn photo.tiff
import { writeFile } from 'node:fs/promises';
import { decompress, formatOfPath, PixrnnError } from 'pixrnn';

const [source = 'photo.prnn', target = 'photo.png'] = process.argv.slice(2);

try {
  const { bytes, width, height, remarks } = await decompress(source, { format: formatOfPath(target) });
  await writeFile(target, bytes);
  for (const remark of remarks) console.warn(`${target}: ${remark}`);
  console.log(`${target}: ${width} x ${height}`);
} catch (error) {
  // Errors that the user can cause or fix are PixrnnErrors; anything else is a bug.
  if (!(error instanceof PixrnnError)) throw error;
  console.error(`${source}: ${error.message} (${error.code})`);
  process.exitCode = 1;
}
