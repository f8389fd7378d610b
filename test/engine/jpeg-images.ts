/** Coefficients to code, and the coder shared by the tests of JPEG coefficients. */
import assert from 'node:assert/strict';
import type { JpegEffort } from '#pixrnn/effort.js';
import { JpegCoder } from '#pixrnn/engine/jpeg-coder.js';
import type { JpegComponent, JpegComponentShape, JpegImage, JpegShape } from '#pixrnn/jpeg/coefficients.js';
import { randomFrom } from '../palette/tiles.js';

export const JPEG_EFFORTS: readonly JpegEffort[] = [1, 2, 3];

/** Returns a fresh instance. */
export function freshJpegCoder(): Promise<JpegCoder> {
  return JpegCoder.create();
}

/** Sampling factors and size in MCUs. */
export interface Layout {
  readonly sampling: readonly (readonly [horizontal: number, vertical: number])[];
  readonly wide: number;
  readonly high: number;
  readonly precision?: 8 | 12;
}

/** Returns a coefficient from the component, the block and the number in natural order. */
export type Draw = (component: number, x: number, y: number, k: number) => number;

export const YCC_420 = [
  [2, 2],
  [1, 1],
  [1, 1],
] as const;

/** Returns an image of whole MCUs, all of whose blocks count as visible. */
export function jpegImage({ sampling, wide, high, precision = 8 }: Layout, draw: Draw): JpegImage {
  const components = sampling.map(([horizontal, vertical], component): JpegComponent => {
    const blocksWide = wide * horizontal;
    const blocksHigh = high * vertical;
    const coefficients = new Int16Array(blocksWide * blocksHigh * 64);
    for (let i = 0; i < coefficients.length; i++) {
      const block = i >> 6;
      coefficients[i] = draw(component, block % blocksWide, Math.floor(block / blocksWide), i & 63);
    }
    const quantisation = Uint16Array.from({ length: 64 }, (_, k) => 3 + 2 * ((k & 7) + (k >> 3)) + 4 * component);
    const visible = { visibleWide: blocksWide, visibleHigh: blocksHigh };
    return { id: component + 1, horizontal, vertical, blocksWide, blocksHigh, ...visible, quantisation, coefficients };
  });
  return { width: 8 * wide, height: 8 * high, precision, components };
}

/** Draws noise of a Laplacian kind that falls off with the frequency, as photographs do. */
export function photographic(seed: number, gain = 60): Draw {
  const random = randomFrom(seed);
  return (_component, x, y, k) => {
    const scale = gain / (1 + (k & 7) + (k >> 3)) ** 2;
    const value = Math.round(Math.log(1 - random()) * scale) * (random() < 0.5 ? 1 : -1);
    return k === 0 ? Math.round(100 * Math.sin(x / 3) + 50 * Math.cos(y / 2)) + value : value;
  };
}

/** Draws any value of +-limit, of which a share is zero. */
export function noisy(seed: number, limit: number, zeros = 0): Draw {
  const random = randomFrom(seed);
  return () => (random() < zeros ? 0 : Math.round((2 * random() - 1) * limit));
}

export function shapeOf({ components, ...rest }: JpegImage): JpegShape {
  const fields = ['id', 'horizontal', 'vertical', 'blocksWide', 'blocksHigh', 'visibleWide', 'visibleHigh'] as const;
  const shapes = components.map((component) => {
    const sizes = Object.fromEntries(fields.map((field) => [field, component[field]]));
    return { ...(sizes as Omit<JpegComponentShape, 'quantisation'>), quantisation: component.quantisation };
  });
  return { ...rest, components: shapes };
}

/** Encodes, decodes with another instance and compares. Returns the payload. */
export function assertJpegRoundTrip(
  encoder: JpegCoder,
  decoder: JpegCoder,
  image: JpegImage,
  effort: JpegEffort,
): Uint8Array {
  const payload = encoder.encode(image, effort);
  assert.ok(payload, 'the coefficients need more than two bytes each');
  const decoded = decoder.decode(payload, shapeOf(image), effort);
  image.components.forEach(({ coefficients }, i) => {
    const { buffer, byteOffset, byteLength } = decoded.components[i]?.coefficients ?? new Int16Array();
    const expected = Buffer.from(coefficients.buffer, coefficients.byteOffset, coefficients.byteLength);
    assert.equal(Buffer.compare(Buffer.from(buffer, byteOffset, byteLength), expected), 0, `component ${i} differs`);
  });
  return payload;
}
