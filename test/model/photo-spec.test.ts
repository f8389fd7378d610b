import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { parseSpec } from '#pixrnn/model/architectures.js';
import { type PhotoSpec, headExtras, photo, photoInputs, photoOutputs, recordLayout } from '#pixrnn/model/photo.js';
import { blobs } from '../../fixtures/draw.js';

const spec: PhotoSpec = { architecture: 'photo', channels: 3, features: 8, blocks: 2, components: 5, head: 16 };

describe('the spec of photo', () => {
  it('keeps only its fields, in canonical order', () => {
    const parsed = parseSpec(Object.fromEntries(Object.entries({ ...spec, more: 1 }).reverse()));
    assert.equal(JSON.stringify(parsed), JSON.stringify(spec));
  });

  it('accepts every field up to its limits and rejects values beyond', () => {
    for (const [field, good, bad] of [
      ['channels', [1, 3], [0, 2, 4, '3', null, undefined]],
      ['features', [8, 64, 256], [0, -8, 4, 12, 8.5, 264, 1e9, NaN, '8', null, undefined]],
      ['blocks', [1, 3, 16], [0, -1, 1.5, 17, 1e12, '1', null, undefined]],
      ['components', [1, 7, 10], [0, -1, 2.5, 11, '5', null, undefined]],
      ['head', [8, 104, 256], [0, 4, 12, 258, 264, null, undefined]],
      ['mixer', ['lean'], ['LEAN', '', 1, null]],
      ['learning', ['all'], ['ALL', '', 1, null]],
      ['predictors', ['A', 'BC', 'CDE'], ['', 'CB', 'AA', 'F', 'abc', 2, null]],
    ] as const) {
      for (const value of good) assert.deepEqual(parseSpec({ ...spec, [field]: value }), { ...spec, [field]: value });
      for (const value of bad) {
        assert.throws(
          () => parseSpec({ ...spec, [field]: value }),
          (error) =>
            error instanceof PixrnnError &&
            error.code === 'model-invalid' &&
            error.message.startsWith(`the model's ${field} must be `),
          `${field}: ${String(value)}`,
        );
      }
    }
    assert.deepEqual(parseSpec({ ...spec, predictors: 'ABCDE', mixer: 'full', learning: 'last' }), spec);
    assert.throws(() => parseSpec({ ...spec, head: 6 }), /head must be a multiple of 8 from 8 to 256, not 6\.$/);
    assert.throws(() => parseSpec({ ...spec, blocks: 17 }), /blocks must be a multiple of 1 from 1 to 16, not 17\.$/);
  });

  it('has its tensors in the order of the engine', () => {
    const list = photo.shapes(spec).map(({ name, shape }) => `${name} ${shape.join('x')}`);
    assert.deepEqual(list, [
      'input.weight 236x8',
      'input.bias 8',
      'block.0.conv.weight 40x8',
      'block.0.conv.bias 8',
      'block.0.pointwise.weight 8x8',
      'block.0.pointwise.bias 8',
      'block.1.conv.weight 40x8',
      'block.1.conv.bias 8',
      'block.1.pointwise.weight 8x8',
      'block.1.pointwise.bias 8',
      'head.0.hidden.weight 18x16',
      'head.0.hidden.bias 16',
      'head.0.mixture.weight 16x16',
      'head.0.mixture.bias 16',
      'head.1.hidden.weight 20x16',
      'head.1.hidden.bias 16',
      'head.1.mixture.weight 16x16',
      'head.1.mixture.bias 16',
      'head.2.hidden.weight 22x16',
      'head.2.hidden.bias 16',
      'head.2.mixture.weight 16x16',
      'head.2.mixture.bias 16',
    ]);
    const gray = photo.shapes({ ...spec, channels: 1, components: 4 });
    assert.deepEqual(gray[0], { name: 'input.weight', shape: [82, 8] });
    assert.deepEqual(gray.at(-1), { name: 'head.0.mixture.bias', shape: [16] });
    assert.equal(gray.length, 14);
  });

  it('counts the cost of one pixel, and passes its sizes to the engine', () => {
    assert.equal(photo.macsPerPixel(spec), 236 * 8 + 2 * (40 * 8 + 8 * 8) + (18 + 20 + 22) * 16 + 3 * 16 * 16);
    assert.equal(photo.engineCode, 2);
    assert.deepEqual(photo.engineSpec(spec), [3, 8, 2, 5, 16, 31, 0, 0]);
    assert.deepEqual(photo.engineSpec({ ...spec, predictors: 'BC' }), [3, 8, 2, 5, 16, 6, 0, 0]);
    assert.deepEqual(photo.engineSpec({ ...spec, mixer: 'lean' }).slice(-2), [1, 0]);
    assert.deepEqual(photo.engineSpec({ ...spec, learning: 'all' }).slice(-2), [0, 1]);
  });

  it('pads the outputs of a head to vectors of eight', () => {
    assert.deepEqual([1, 2, 3, 4, 5, 10].map(photoOutputs), [8, 8, 16, 16, 16, 32]);
    assert.deepEqual(
      [0, 1, 2].map((c) => headExtras({ channels: 3 }, c)),
      [10, 12, 14],
    );
    assert.deepEqual(
      ([1, 3] as const).map((channels) => photoInputs({ channels })),
      [82, 236],
    );
    assert.equal(photoInputs({ channels: 3, predictors: 'BC' }), 224);
    assert.equal(headExtras({ channels: 3, predictors: 'BC' }, 1), 6);
  });
});

describe('a training record', () => {
  it('has the layout that the engine writes', async () => {
    assert.deepEqual(recordLayout({ channels: 3 }), {
      inputs: 0,
      extras: 236,
      centres: 266,
      conditions: 269,
      values: 273,
      size: 276,
    });
    assert.deepEqual(recordLayout({ channels: 1 }), {
      inputs: 0,
      extras: 82,
      centres: 92,
      conditions: 93,
      values: 93,
      size: 94,
    });
    const features = await PhotoFeatures.create();
    for (const channels of [1, 3] as const) {
      const { width, height, samples } = blobs({ width: 9, height: 7, channels });
      const records = features.records(samples, width, height, { channels });
      const { size, values, centres, conditions, extras } = recordLayout({ channels });
      assert.equal(records.length, width * height * size);
      const order = channels === 1 ? [0] : [1, 0, 2];
      for (let i = 0; i < width * height; i++) {
        const record = records.subarray(i * size, (i + 1) * size);
        order.forEach((sample, c) => {
          const [value, centre] = [record[values + c] as number, record[centres + c] as number];
          assert.equal(value, samples[i * channels + sample]);
          assert.ok(centre >= -20 && centre <= 275, `${centre}`);
          if (c < channels - 1) assert.equal(record[conditions + 2 * c + 1], Math.fround(value - centre) / 32);
        });
        // The distances in channel 0 are both inputs and extras.
        assert.deepEqual(record.subarray(extras - 5, extras), record.subarray(extras, extras + 5));
      }
    }
  });
});
