import { PixrnnError, type Raster, type ReadPicture } from '#pixrnn/web/index.js';
import { histogramsOf } from './histogram.js';
import type { Item } from './item.js';
import { peerSizes } from './peers.js';
import { codec } from './pixrnn.js';

/* Reads a file that was added: shows it and measures how long compressing it needs. */

const JPEG_START = [0xff, 0xd8, 0xff];
const PRNN_START = [0x8f, 0x70];

/** Reads an item up to the stage `ready`; a .prnn file is only inspected. */
export async function readItem(item: Item): Promise<void> {
  const signal = item.start();
  try {
    const start = new Uint8Array(await item.file.slice(0, 3).arrayBuffer());
    const startsWith = (bytes: readonly number[]): boolean => bytes.every((byte, i) => byte === start[i]);
    if (startsWith(PRNN_START)) return await inspectItem(item, signal);
    await (startsWith(JPEG_START) ? readJpeg(item) : readExact(item, signal));
    if (signal.aborted) return;
    item.set({ stage: 'ready' });
    item.set({ estimate: await codec.estimateSeconds(item.file, { signal, firstFrame: true }) });
  } catch (error) {
    fail(item, error);
  }
}

/** Shows why a step failed; a cancelled one shows nothing. */
export function fail(item: Item, error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  item.set({ stage: 'failed', progress: null, error: messageOf(error) });
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return error instanceof PixrnnError ? sentence : `An internal error occurred: ${sentence}`;
}

async function inspectItem(item: Item, signal: AbortSignal): Promise<void> {
  await showPreview(item);
  const info = await codec.inspect(item.file, { signal });
  const { width, height, colourType, depth } = info;
  const size = item.preview ? {} : { width, height }; // the preview is upright
  item.set({ info, ...size, format: '.prnn', samples: samplesText(colourType, depth), stage: 'ready' });
}

/** Shows the embedded picture at once. One that is damaged is left out: the image does not depend on it. */
async function showPreview(item: Item): Promise<void> {
  try {
    const found = await codec.preview(item.file);
    if (!found) return;
    const { bytes, type, whole } = found;
    const picture = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
    item.set({ preview: picture, ...whole });
  } catch {
    // Decoding reports what is wrong with the file.
  }
}

/** The browser shows a JPEG file; its samples take no part in compressing it. */
async function readJpeg(item: Item): Promise<void> {
  const picture = await createImageBitmap(item.file);
  const { width, height } = picture;
  item.set({ picture, width, height, format: 'JPEG', samples: 'as this browser decodes it' });
  item.set({ histograms: histogramsOf(shownSamples(picture)) });
}

function shownSamples(picture: ImageBitmap): Omit<Raster, 'width' | 'height'> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  context?.drawImage(picture, 0, 0);
  const rgba = context?.getImageData(0, 0, picture.width, picture.height).data ?? new Uint8ClampedArray();
  const samples = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    samples[to++] = rgba[from]!;
    samples[to++] = rgba[from + 1]!;
    samples[to++] = rgba[from + 2]!;
  }
  return { channels: 3, depth: 8, indexed: false, samples };
}

async function readExact(item: Item, signal: AbortSignal): Promise<void> {
  const read = await codec.readPicture(item.file, { signal, firstFrame: true });
  const { raster, format, warnings, picture } = await withPicture(item, read);
  const { width, height, channels, depth, indexed } = raster;
  const colours = indexed ? 'palette' : (['gray', 'gray + alpha', 'RGB', 'RGBA'][channels - 1] ?? '');
  item.set({ picture, width, height, format, warnings, samples: samplesText(colours, depth) });
  item.set({ histograms: indexed ? [] : histogramsOf(raster) });
  if (depth === 8 && (channels === 3 || channels === 1) && !indexed) {
    item.set({ peers: (await peerSizes(picture)).filter(({ name }) => name !== format) });
  }
}

async function withPicture(item: Item, read: ReadPicture): Promise<ReadPicture & { picture: ImageBitmap }> {
  const shown = await createImageBitmap(item.file, { colorSpaceConversion: 'none' }).catch(() => null);
  return { ...read, picture: shown ?? (await pictureOf(read.raster)) };
}

/** Returns a picture of samples that the browser cannot show itself (PNM). */
async function pictureOf({ width, height, channels, depth, samples }: Raster): Promise<ImageBitmap> {
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  const scale = 255 / (2 ** depth - 1);
  const colour = channels >= 3 ? [0, 1, 2] : [0, 0, 0];
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = samples[i * channels + colour[c]!]! * scale;
    if (channels === 2 || channels === 4) pixels[4 * i + 3] = samples[(i + 1) * channels - 1]! * scale;
  }
  return createImageBitmap(new ImageData(pixels, width, height));
}

function samplesText(colours: string, depth: number): string {
  return `${colours}, ${depth} ${depth === 1 ? 'bit' : 'bits'}`;
}
