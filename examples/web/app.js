import { compress, decompress } from 'pixrnn/web';

// Compresses a small drawing and restores it. The bundlers of the other folders build this file.
const width = 64;
const height = 48;
const samples = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i) >> 7);
const { bytes } = await compress({ width, height, channels: 3, depth: 8, indexed: false, samples });
const { raster } = await decompress(bytes, { format: 'raster' });
const isEqual = raster.samples.every((sample, i) => sample === samples[i]);
document.body.textContent = `${samples.length} bytes became ${bytes.length}, ${isEqual ? 'restored' : 'not restored'}`;
