import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import type { Plain } from '../../fixtures/draw.js';
import { recordLayout } from '#pixrnn/model/photo.js';
import { alpine } from '../model/models.js';
import { predictions, predictorSets } from './reference-least-squares.js';

/** Position of the channels' bases in a record (assembly/models/photo/features.ts): after the window. */
const basesOf = (channels: number): number => 71 * channels;

let features: PhotoFeatures;
before(async () => {
  features = await PhotoFeatures.create();
});

describe('least squares in the engine', () => {
  /** Returns the largest difference from the reference, and the share of predictions that the record does not clamp. */
  function compare({ width, height, channels, samples }: Plain): { worst: number; compared: number } {
    const records = features.records(samples, width, height, { channels });
    const layout = recordLayout({ channels });
    const order = channels === 3 ? [1, 0, 2] : [0];
    const plane = (c: number, x: number, y: number): number =>
      samples[(y * width + x) * channels + (order[c] as number)] as number;
    const sets = predictorSets(channels);
    const reference = sets.map((set) => predictions({ plane, width, height, channels }, set));
    let [worst, compared] = [0, 0];
    for (let i = 0; i < width * height; i++) {
      const record = records.subarray(i * layout.size, (i + 1) * layout.size);
      for (let c = 0; c < channels; c++) {
        const a = reference[0]?.[i * channels + c] as number;
        worst = Math.max(worst, Math.abs((record[layout.centres + c] as number) - a));
        const base = (record[basesOf(channels) + c] as number) * 64 + 128;
        reference.forEach((set, s) => {
          const d = record[layout.extras + 10 * c + s] as number;
          if (Math.abs(d) >= 6) return; // clamped
          compared++;
          worst = Math.max(worst, Math.abs(base + 8 * d - (set[i * channels + c] as number)));
        });
      }
    }
    return { worst, compared: compared / (width * height * channels * sets.length) };
  }

  for (const channels of [1, 3] as const) {
    test(`agrees with a plain f64 version on a photograph within 0.05 gray levels, ${channels} channels`, async () => {
      const { worst, compared } = compare(await alpine(100, 90, { width: 45, height: 36, channels }));
      assert.ok(worst < 0.05, `${worst}`);
      assert.ok(compared > 0.9);
    });

    test(`agrees for images narrower than its neighbourhoods, ${channels} channels`, async () => {
      for (let width = 1; width <= 8; width++) {
        const { worst, compared } = compare(await alpine(100 + 20 * width, 90, { width, height: 12, channels }));
        assert.ok(worst < 0.05, `width ${width}: ${worst}`);
        assert.ok(compared > 0.8, `width ${width}: ${compared}`);
      }
    });
  }

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
      test(`stays finite on ${name}, ${channels} channels, and learns it`, () => {
        const [width, height] = [1024, 48];
        const samples = new Uint8Array(width * height * channels).map((_, i) => {
          const pixel = Math.floor(i / channels);
          return pattern(pixel % width, Math.floor(pixel / width));
        });
        const records = features.records(samples, width, height, { channels });
        assert.ok(records.every(Number.isFinite));
        const { centres: centre, values: value, size } = recordLayout({ channels });
        let error = 0;
        for (let i = 0; i < width * height; i++) {
          error += Math.abs((records[i * size + centre] as number) - (records[i * size + value] as number));
        }
        assert.ok(error / (width * height) < 2, `mean error ${error / (width * height)}`);
      });
    }
  }

  test('does not depend on earlier tiles', async () => {
    const samples = (await alpine(300, 60, { width: 40, height: 30, channels: 3 })).samples;
    const first = features.records(samples, 40, 30, { channels: 3 });
    features.records(new Uint8Array(50 * 60).fill(77), 50, 60, { channels: 1 });
    assert.deepEqual(features.records(samples, 40, 30, { channels: 3 }), first);
  });
});
