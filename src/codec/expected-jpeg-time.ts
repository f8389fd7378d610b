import { type Effort, jpegEffort } from '../effort.js';
import { imageOfBand } from '../engine/jpeg-bands.js';
import type { Coders } from '../engine/pool.js';
import { MAX_PIXELS } from '../image/raster.js';
import { blocksOf, type JpegImage } from '../jpeg/coefficients.js';
import { parseJpeg } from '../jpeg/parse-jpeg.js';
import type { ParsedJpeg } from '../jpeg/parsed-jpeg.js';
import { lcg } from '../lcg.js';

/** The parts that are timed: rows of MCUs of about this many blocks at several heights, because a sky is faster. */
const STRIP_BLOCKS = 3000;
const STRIP_CENTERS = [1 / 6, 1 / 2, 5 / 6] as const;

/** Blocks on a side of the image that is drawn to be timed, and the magnitude of its lowest coefficients. */
const DRAWN_SIDE = 64;
const DRAWN_GAIN = 16;

/** Options of the estimates. */
export interface JpegTiming {
  readonly effort: Effort;
  readonly pool: Coders;
}

/**
 * Estimates the seconds that one thread needs for a pass over a JPEG file on this machine under its current load, by
 * timing parts of its image. Returns null for a file whose coefficients are not coded.
 */
export async function expectedJpegSeconds(
  bytes: Uint8Array,
  { maxPixels, ...timing }: JpegTiming & { readonly maxPixels?: number | undefined },
): Promise<number | null> {
  const image = parsedOrNull(bytes, maxPixels)?.image;
  if (!image) return null;
  const strips = STRIP_CENTERS.map((center) => stripOf(image, center));
  await timeOf(strips[1]!, timing); // warm up: a thread has to start, and the engine to compile the module
  const overhead = (await timeOf(drawnImage(1), timing)).seconds; // of a job, however small
  let [seconds, blocks] = [0, 0];
  for (const strip of strips) {
    seconds += Math.max(0, (await timeOf(strip, timing)).seconds - overhead);
    blocks += blocksOf(strip);
  }
  return (seconds / blocks) * blocksOf(image);
}

/**
 * Measures the seconds that one thread needs for a byte of coded coefficients, on drawn ones. Most of the time of a
 * decision does not depend on its value or on the direction, and a byte holds a similar number of them in most photographs.
 */
export async function jpegSecondsPerByte(timing: JpegTiming): Promise<number> {
  const image = drawnImage(DRAWN_SIDE);
  await timeOf(image, timing);
  const { seconds, bytes } = await timeOf(image, timing);
  return seconds / bytes;
}

async function timeOf(image: JpegImage, { effort, pool }: JpegTiming): Promise<{ seconds: number; bytes: number }> {
  const began = performance.now();
  // The pool moves the coefficients to its thread.
  const components = image.components.map((component) => ({
    ...component,
    coefficients: component.coefficients.slice(),
  }));
  const job = {
    kind: 'encode-jpeg',
    image: { ...image, components },
    effort: jpegEffort(effort),
    limit: Infinity,
  } as const;
  const encoded = await pool.runPlain(() => job);
  return { seconds: (performance.now() - began) / 1000, bytes: encoded?.payload.length ?? NaN };
}

function parsedOrNull(bytes: Uint8Array, maxPixels = MAX_PIXELS): ParsedJpeg | null {
  try {
    return parseJpeg(bytes, { maxPixels });
  } catch {
    return null; // compressing it reports the error, or stores the file
  }
}

/** Returns some rows of MCUs around the fraction `center` of the height. */
function stripOf(image: JpegImage, center: number): JpegImage {
  const rows = Math.max(...image.components.map(({ blocksHigh, vertical }) => Math.ceil(blocksHigh / vertical)));
  const wanted = Math.min(rows, Math.ceil((STRIP_BLOCKS * rows) / blocksOf(image)));
  const from = Math.floor((rows - wanted) * center);
  return imageOfBand(image, { from, to: from + wanted });
}

/** Returns a gray image of side x side blocks whose coefficients fall off with the frequency as those of photographs do: 0.7 bits each. */
function drawnImage(side: number): JpegImage {
  const [blocksWide, blocksHigh] = [side, side];
  const coefficients = new Int16Array(64 * blocksWide * blocksHigh);
  const next = lcg();
  const random = (): number => next() / 2 ** 32;
  for (let i = 0; i < coefficients.length; i++) {
    const frequency = ((i >> 3) & 7) + (i & 7);
    coefficients[i] = Math.round((DRAWN_GAIN * Math.log(random() + 1e-9) * (random() - 0.5)) / (1 + frequency) ** 1.5);
  }
  const shape = { id: 1, horizontal: 1, vertical: 1, blocksWide, blocksHigh };
  const visible = { visibleWide: blocksWide, visibleHigh: blocksHigh };
  const component = { ...shape, ...visible, quantisation: new Uint16Array(64).fill(8), coefficients };
  return { width: 8 * blocksWide, height: 8 * blocksHigh, precision: 8, components: [component] };
}
