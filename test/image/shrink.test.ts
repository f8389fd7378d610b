import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_METADATA } from '#pixrnn/image/png-metadata.js';
import { shrink } from '#pixrnn/image/shrink.js';

const plain = { indexed: false } as const;

test('each pixel is the mean of its square, smaller at the edges', () => {
  const samples = Uint8Array.of(0, 10, 100, 20, 30, 200);
  const gray = { width: 3, height: 2, channels: 1, depth: 8, ...plain, samples } as const;
  assert.deepEqual(shrink(gray, NO_METADATA, 2), { ...gray, width: 2, height: 1, samples: Uint8Array.of(15, 150) });
  assert.deepEqual(shrink(gray, NO_METADATA, 1), gray);
});

test('other depths become 8 bits', () => {
  const bits = { width: 2, height: 1, channels: 1, depth: 1, ...plain, samples: Uint8Array.of(0, 1) } as const;
  assert.deepEqual(shrink(bits, NO_METADATA, 1).samples, Uint8Array.of(0, 255));
  const samples = Uint16Array.of(0, 65535, 257);
  const deep = { width: 1, height: 1, channels: 3, depth: 16, ...plain, samples } as const;
  assert.deepEqual(shrink(deep, NO_METADATA, 1), { ...deep, depth: 8, samples: Uint8Array.of(0, 255, 1) });
});

test('colours count as much as they are opaque', () => {
  const samples = Uint8Array.of(200, 0, 0, 255, 0, 90, 0, 0, 100, 0, 0, 255, 0, 0, 0, 0);
  const raster = { width: 2, height: 2, channels: 4, depth: 8, ...plain, samples } as const;
  assert.deepEqual(shrink(raster, NO_METADATA, 2).samples, Uint8Array.of(150, 0, 0, 128));
  const hidden = { ...raster, width: 1, height: 1, samples: Uint8Array.of(9, 9, 9, 0) };
  assert.deepEqual(shrink(hidden, NO_METADATA, 4).samples, Uint8Array.of(0, 0, 0, 0));
});

test('palettes and transparent colours are applied', () => {
  const indexed = { width: 2, height: 1, channels: 1, depth: 2, indexed: true, samples: Uint8Array.of(1, 3) } as const;
  const palette = { type: 'PLTE', data: Uint8Array.of(0, 0, 0, 10, 20, 30, 0, 0, 0, 50, 60, 70) };
  const shrunk = shrink(indexed, { ...NO_METADATA, beforeImage: [palette] }, 2);
  assert.deepEqual([shrunk.channels, shrunk.indexed, [...shrunk.samples]], [3, false, [30, 40, 50]]);
});
