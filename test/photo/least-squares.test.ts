import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { alpine } from '../model/models.js';
import { RGB_SETS, predictions } from './reference-least-squares.js';

/** Offsets in a record of three channels (assembly/models/photo/records.ts). */
const BASES = 213;
const EXTRAS = 236;
const CENTRES = 266;
const VALUES = 273;
const RECORD = 276;

let features: PhotoFeatures;
before(async () => {
  features = await PhotoFeatures.create();
});

describe('least squares in the engine', () => {
  test('agree with a plain f64 version on a photograph within 0.05 gray levels', async () => {
    const [width, height] = [45, 36];
    const samples = (await alpine(100, 90, { width, height, channels: 3 })).samples;
    const records = features.records(samples, width, height, 3);
    const order = [1, 0, 2];
    const plane = (c: number, x: number, y: number): number =>
      samples[(y * width + x) * 3 + (order[c] as number)] as number;
    const reference = RGB_SETS.map((set) => predictions(plane, width, height, set));
    let compared = 0;
    for (let i = 0; i < width * height; i++) {
      const record = records.subarray(i * RECORD, (i + 1) * RECORD);
      for (let c = 0; c < 3; c++) {
        const a = reference[0]?.[i * 3 + c] as number;
        assert.ok(Math.abs((record[CENTRES + c] as number) - a) < 0.05, `predictor A, pixel ${i}, channel ${c}`);
        const base = (record[BASES + c] as number) * 64 + 128;
        reference.forEach((set, s) => {
          const d = record[EXTRAS + 10 * c + s] as number;
          if (Math.abs(d) >= 6) return; // clamped
          compared++;
          const difference = base + 8 * d - (set[i * 3 + c] as number);
          assert.ok(Math.abs(difference) < 0.05, `set ${s}, pixel ${i}, channel ${c}: ${difference}`);
        });
      }
    }
    assert.ok(compared > 0.9 * width * height * 15);
  });

  const patterns: Readonly<Record<string, (x: number, y: number) => number>> = {
    black: () => 0,
    checkerboard: (x, y) => ((x + y) & 1) * 255,
    columns: (x) => (x & 1) * 255,
    rows: (_, y) => (y & 1) * 255,
    'one white pixel': (x, y) => (x === 3 && y === 3 ? 255 : 0),
    'a saw-tooth': (x, y) => (x + y) & 255,
  };
  for (const [name, pattern] of Object.entries(patterns)) {
    for (const channels of [1, 3] as const) {
      test(`stay finite on ${name}, ${channels} channels, and learn it`, () => {
        const [width, height] = [1024, 48];
        const samples = new Uint8Array(width * height * channels).map((_, i) => {
          const pixel = Math.floor(i / channels);
          return pattern(pixel % width, Math.floor(pixel / width));
        });
        const records = features.records(samples, width, height, channels);
        assert.ok(records.every(Number.isFinite));
        const size = records.length / (width * height);
        const [centre, value] = channels === 3 ? [CENTRES, VALUES] : [92, 93];
        let error = 0;
        for (let i = 0; i < width * height; i++) {
          error += Math.abs((records[i * size + centre] as number) - (records[i * size + value] as number));
        }
        assert.ok(error / (width * height) < 2, `mean error ${error / (width * height)}`);
      });
    }
  }

  test('a tile is the same whatever came before it', async () => {
    const samples = (await alpine(300, 60, { width: 40, height: 30, channels: 3 })).samples;
    const first = features.records(samples, 40, 30, 3);
    features.records(new Uint8Array(50 * 60).fill(77), 50, 60, 1);
    assert.deepEqual(features.records(samples, 40, 30, 3), first);
  });
});
