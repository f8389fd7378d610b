import { announce } from './dom.js';
import { progressOf } from './eta.js';
import { bytesText } from './format.js';
import { heatPicture } from './heat.js';
import { histogramsOf } from './histogram.js';
import type { Item } from './item.js';
import { codec } from './pixrnn.js';
import { fail } from './read-item.js';
import { TileCanvas } from './tile-canvas.js';

/* The steps that a user starts: compress, open, measure. */

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  bmp: 'image/bmp',
  tiff: 'image/tiff',
  webp: 'image/webp',
  pnm: 'image/x-portable-anymap',
};

/** Compresses an image and verifies the result. */
export async function compressItem(item: Item): Promise<void> {
  const signal = item.start();
  const seconds = item.estimate;
  item.set({ stage: 'running', error: null, progress: { share: 0, secondsLeft: seconds, what: 'Compressing' } });
  try {
    const report = progressOf(item, 'Compressing and verifying', seconds);
    const { wantsPreview: preview } = item;
    const options = { signal, onProgress: report, name: item.file.name, firstFrame: true, preview };
    const compressed = await codec.compress(item.file, options);
    const name = `${item.file.name.replace(/\.[^.]+$/, '')}.prnn`;
    const blob = new Blob([compressed.bytes as Uint8Array<ArrayBuffer>], { type: 'image/x-prnn' });
    item.set({ stage: 'done', progress: null, compressed, output: { name, blob } });
    announce(`${item.file.name} is compressed to ${bytesText(blob.size)} and verified.`);
  } catch (error) {
    if (signal.aborted) item.set({ stage: 'ready', progress: null });
    fail(item, error);
  }
}

/** Opens a .prnn file: paints its tiles as they finish and restores the source file. */
export async function openItem(item: Item): Promise<void> {
  const signal = item.start();
  item.set({ stage: 'running', error: null, progress: { share: 0, secondsLeft: null, what: 'Decoding' } });
  try {
    const tiles = new TileCanvas(item);
    const file = await codec.decompress(item.file, {
      signal,
      onProgress: progressOf(item, 'Decoding'),
      onTile: (tile) => tiles.paint(tile),
      onRows: (rows) => tiles.paint(rows),
    });
    const type = TYPES[file.format] ?? 'application/octet-stream';
    const blob = new Blob([file.bytes as Uint8Array<ArrayBuffer>], { type });
    const name = `${item.file.name.replace(/\.prnn$/i, '')}${/\.[^.]+$/.exec(file.name)?.[0] ?? ''}`;
    if (!item.picture) {
      const picture = await createImageBitmap(blob);
      item.set({ picture, width: picture.width, height: picture.height }); // upright
    }
    item.set({ stage: 'done', progress: null, output: { name, blob } });
    announce(`${item.file.name} is decoded. Every hash is correct.`);
    if (file.format === 'png') await countSamples(item, blob);
  } catch (error) {
    if (signal.aborted) item.set({ stage: 'ready', progress: null });
    fail(item, error);
  }
}

async function countSamples(item: Item, png: Blob): Promise<void> {
  const { raster } = await codec.readPicture(png);
  if (!raster.indexed) item.set({ histograms: histogramsOf(raster) });
}

/** Measures where the bits go. */
export async function measureItem(item: Item): Promise<void> {
  const { stage } = item;
  const signal = item.start();
  const source = item.isPrnn && item.output ? item.output.blob : item.file;
  item.set({ stage: 'running', error: null, progress: { share: 0, secondsLeft: null, what: 'Measuring the bits' } });
  try {
    const options = { signal, onProgress: progressOf(item, 'Measuring the bits'), firstFrame: true };
    const measured = await codec.measureBits(source, options);
    item.set({ stage, progress: null, measured, heat: await heatPicture(measured) });
    announce('The heat map is ready.');
  } catch (error) {
    item.set({ stage, progress: null });
    if (!signal.aborted) item.set({ error: error instanceof Error ? error.message : String(error) });
  }
}
