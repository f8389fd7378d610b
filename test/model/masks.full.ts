import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { channelMask, featureGroups } from '#pixrnn/model/masks.js';
import { pixelRnnMasks } from '#pixrnn/model/pixelrnn/tensors.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { blobs } from '../../fixtures/draw.js';
import {
  type PixelRnnModel,
  describeSpec,
  drawnModel,
  drawnModels,
  drawnVariants,
  loadShippedPixelCnns,
} from './models.js';
import { PredictingEngine } from './predicting-engine.js';
import { type Picture, pictureFor, referenceBits, smallFor } from './reference-pixelrnn.js';
import { tfjsDistributions } from './tfjs-network.js';

describe('channelMask', () => {
  it('A: a channel sees the ones before it', () => {
    assert.deepEqual([...channelMask([0, 1, 2], [0, 1, 2], 'A')], [0, 1, 1, 0, 0, 1, 0, 0, 0]);
  });

  it('B: a channel also sees itself', () => {
    assert.deepEqual([...channelMask([0, 1, 2], [0, 1, 2], 'B')], [1, 1, 1, 0, 1, 1, 0, 0, 1]);
  });

  it('has a row for each input, a column for each output, and inputs that every output sees', () => {
    assert.deepEqual([...channelMask([-1, 0, 1], [0, 1, 1, 2], 'A')], [1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1]);
  });

  it('masks nothing but the own pixel in a gray network', () => {
    assert.deepEqual([...channelMask([0], [0], 'A')], [0]);
    const masks = pixelRnnMasks(drawnModel({ channels: 1 }).spec);
    for (const [name, mask] of masks) assert.ok(mask.every(Boolean), name);
  });
});

describe('featureGroups', () => {
  it('splits features into equal parts, in the order of the channels', () => {
    assert.deepEqual(featureGroups(6, 3), [0, 0, 1, 1, 2, 2]);
    assert.deepEqual(featureGroups(4, 1), [0, 0, 0, 0]);
  });
});

/** Returns the raster with one sample changed, by more than a step; by one if the samples are bits. */
function changedAt<P extends Picture>(raster: P, index: number): P {
  const samples = Uint8Array.from(raster.samples);
  const isBits = samples.every((v) => v <= 1);
  samples[index] = isBits ? 1 - (samples[index] as number) : ((samples[index] as number) + 97) & 255;
  return { ...raster, samples };
}

/** Whether the next sub-pixel begins a row: from there the current one may be out of sight. */
function endsRow({ width, channels }: Picture, index: number): boolean {
  return (index + 1) % (width * channels) === 0;
}

describe('no distribution depends on later samples', () => {
  before(() => chooseBackend('wasm'));

  it('in the engine, bit for bit', async () => {
    for (const model of [...drawnModels(), ...drawnVariants(), ...(await loadShippedPixelCnns())]) {
      const engine = new PredictingEngine(model);
      const raster = pictureFor(model, blobs({ width: 7, height: 5, channels: model.spec.channels }));
      const small = smallFor(model, raster); // stays unchanged
      const plain = engine.predict(raster, small);
      for (let i = 0; i < raster.samples.length; i++) {
        const { bits, centres } = engine.predict(changedAt(raster, i), small);
        // The sample's own distribution is the last that must not change.
        const earlier = 256 * (i + 1);
        const what = `${describeSpec(model.spec)}: sub-pixel ${i} of ${raster.samples.length}`;
        assert.deepEqual(bits.subarray(0, earlier), plain.bits.subarray(0, earlier), what);
        assert.deepEqual(centres.subarray(0, i + 1), plain.centres.subarray(0, i + 1), what);
        if (endsRow(raster, i)) continue;
        const next = (b: Float64Array) => b.subarray(earlier, earlier + 256);
        assert.notDeepEqual(next(bits), next(plain.bits), `${what} is not seen by the next one`);
      }
    }
  });

  it('in tfjs', async () => {
    for (const model of [...drawnModels(), ...(await loadShippedPixelCnns())]) {
      const raster = blobs({ width: 5, height: 4, channels: model.spec.channels });
      const n = raster.samples.length;
      const variants = Array.from({ length: n }, (_, i) => changedAt(raster, i));
      const { logs } = tfjsDistributions(model, [raster, ...variants]);
      const plain = logs.subarray(0, 256 * n);
      for (let i = 0; i < n; i++) {
        const changed = logs.subarray(256 * n * (i + 1), 256 * n * (i + 2));
        const maxDifference = (from: number, to: number): number => {
          let worst = 0;
          for (let j = 256 * from; j < 256 * to; j++) {
            worst = Math.max(worst, Math.abs((changed[j] as number) - (plain[j] as number)));
          }
          return worst;
        };
        const what = `${model.name}: sub-pixel ${i} of ${n}`;
        // The same rows at other positions of a batch: WebAssembly may add them in another order.
        assert.ok(maxDifference(0, i + 1) <= 1e-6, `${what} is seen by an earlier one: ${maxDifference(0, i + 1)}`);
        if (!endsRow(raster, i)) assert.ok(maxDifference(i + 1, i + 2) > 1e-4, `${what} is not seen by the next one`);
      }
    }
  });

  it('a Diagonal BiLSTM without the shift of its right direction depends on them', () => {
    const model = drawnModel({ architecture: 'diagonal-bilstm', channels: 1, hidden: 8, head: 12 });
    const raster = blobs({ width: 7, height: 5, channels: 1 });
    for (const shifts of [true, false]) {
      const plain = referenceBits(model, raster, { shifts });
      for (let i = 0; i < raster.samples.length; i++) {
        const bits = referenceBits(model, changedAt(raster, i), { shifts });
        const earlier = (b: Float64Array) => b.subarray(0, 256 * (i + 1));
        // The last sample of a row is seen by no pixel at its right that could reveal it.
        if (shifts || endsRow(raster, i)) assert.deepEqual(earlier(bits), earlier(plain));
        else assert.notDeepEqual(earlier(bits), earlier(plain));
      }
    }
  });

  it('a masked weight changes nothing in either implementation', () => {
    for (const model of drawnVariants()) {
      const raster = pictureFor(model, blobs({ width: 6, height: 4, channels: model.spec.channels }));
      const small = smallFor(model, raster);
      const [found, expected] = [withOtherMasked(model), model].map((m) =>
        new PredictingEngine(m).predict(raster, small),
      );
      assert.deepEqual(found, expected, describeSpec(model.spec));
    }
    for (const model of drawnModels()) {
      const raster = blobs({ width: 6, height: 4, channels: model.spec.channels });
      const other = withOtherMasked(model);
      assert.deepEqual(new PredictingEngine(other).predict(raster), new PredictingEngine(model).predict(raster));
      assert.deepEqual(tfjsDistributions(other, [raster]), tfjsDistributions(model, [raster]));
    }
  });
});

function withOtherMasked(model: PixelRnnModel): PixelRnnModel {
  const tensors = new Map(model.tensors);
  for (const [name, mask] of pixelRnnMasks(model.spec)) {
    tensors.set(
      name,
      (tensors.get(name) as Float32Array).map((w, i) => (mask[i] ? w : 7 - 3 * w)),
    );
  }
  return { ...model, tensors };
}
