import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PixrnnError } from '#pixrnn/errors.js';
import { parseSpec } from '#pixrnn/model/architectures.js';
import { mixerFloats } from '#pixrnn/model/mixer-state.js';
import { ARITHMETIC_REVISION, type Model, createModel, decodeModel, encodeModel, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import type { PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';
import { pixelRnnMacs, pixelRnnMasks, pixelRnnShapes } from '#pixrnn/model/pixelrnn/tensors.js';
import { findModel, modelFor } from '#pixrnn/model/registry.js';
import { decodeSafetensors, encodeSafetensors } from '#pixrnn/model/safetensors.js';
import { scaleModels } from '#pixrnn/model/scales.js';
import { drawnModel, loadShipped } from './models.js';

const invalid = (why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === 'model-invalid' && why.test(error.message);

const spec: PixelRnnSpec = { architecture: 'pixelcnn', channels: 1, hidden: 4, blocks: 1, head: 4, frame: 'absolute' };

describe('a model id', () => {
  it('of a small drawn model stays the same', () => {
    // Both may change only with a new ARITHMETIC_REVISION.
    assert.equal(idText(drawnModel(spec).id), '4b87c9f0f12a1a4d');
    assert.equal(idText(drawnModel().id), 'fd59a766d5950c9d');
  });

  it('is a hash of revision, spec and weights', () => {
    const model = drawnModel(spec);
    const json = '{"architecture":"pixelcnn","channels":1,"hidden":4,"blocks":1,"head":4,"frame":"absolute"}';
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32LE(ARITHMETIC_REVISION);
    numbers.writeUInt32LE(json.length, 4);
    const hash = createHash('sha256').update('pixrnn model\0').update(numbers).update(json);
    for (const { name } of pixelRnnShapes(spec)) {
      for (const value of model.tensors.get(name) as Float32Array) {
        const bytes = Buffer.alloc(4);
        bytes.writeFloatLE(value);
        hash.update(bytes);
      }
    }
    assert.equal(idText(model.id), hash.digest('hex').slice(0, 16));
  });

  it('changes with any weight, even a masked one, by the smallest step', () => {
    const model = drawnModel({ hidden: 12, blocks: 1, head: 12 });
    const ids = new Set([idText(model.id)]);
    for (const [name, values] of model.tensors) {
      for (const i of [0, values.length >> 1, values.length - 1]) {
        const changed = Float32Array.from(values);
        const bits = new Uint32Array(changed.buffer);
        bits[i] = (bits[i] as number) ^ 1;
        ids.add(idText(createModel('', model.spec, new Map([...model.tensors, [name, changed]])).id));
      }
    }
    assert.equal(ids.size, 1 + 3 * model.tensors.size);
  });

  it('changes with the spec if the weights stay the same', () => {
    const { tensors, id } = drawnModel(spec);
    assert.notEqual(idText(createModel('', { ...spec, frame: 'local' }, tensors).id), idText(id));
  });

  it('changes with the start state of the mixer', () => {
    const { tensors, id } = drawnModel(spec);
    const ids = [0, 1].map((value) => {
      const state = new Float32Array(mixerFloats(spec)).fill(value, 7, 8);
      return idText(createModel('', spec, new Map([...tensors, ['mixer.state', state]])).id);
    });
    assert.equal(new Set([idText(id), ...ids]).size, 3);
  });

  it('does not change with the name, the notes, or the order of fields and tensors', () => {
    const { tensors, id } = drawnModel(spec);
    const { architecture, channels, hidden, blocks, head, frame } = spec;
    const reordered = { frame, head, blocks, hidden, channels, architecture };
    const model = createModel('another', reordered, new Map([...tensors].reverse()), { steps: 3 });
    assert.equal(idText(model.id), idText(id));
    assert.deepEqual([...model.tensors.keys()], [...tensors.keys()]);
  });
});

describe('a model file', () => {
  it('is restored', () => {
    const plain = drawnModel();
    const model = createModel('m', plain.spec, plain.tensors, { steps: 7, backend: 'wasm' });
    assert.deepEqual(decodeModel(encodeModel(model), 'm'), model);
  });

  it('stores the start state of the mixer next to the tensors', () => {
    const plain = drawnModel();
    assert.equal(plain.mixer, null);
    const state = new Float32Array(mixerFloats({ channels: 3 })).fill(-2, 1, 2);
    const model = createModel('m', plain.spec, new Map([...plain.tensors, ['mixer.state', state]]));
    assert.deepEqual(model.mixer, state);
    assert.deepEqual(model.tensors, plain.tensors);
    assert.deepEqual(decodeModel(encodeModel(model), 'm'), model);
    const withState = (values: Float32Array): Model =>
      createModel('m', plain.spec, new Map([...plain.tensors, ['mixer.state', values]]));
    const infinite = withState(state.map(() => Infinity));
    assert.throws(() => encodeModel(infinite), invalid(/mixer\.state/));
    assert.throws(() => withState(state.subarray(1)), invalid(/168704|168,704/));
  });

  it('is rejected with tensors that do not match its spec', () => {
    const model = drawnModel(spec);
    const file = decodeSafetensors(encodeModel(model));
    const refused = (
      change: (t: Map<string, { shape: readonly number[]; values: Float32Array }>) => void,
      why: RegExp,
    ) => {
      const tensors = new Map(file.tensors);
      change(tensors);
      assert.throws(() => decodeModel(encodeSafetensors({ ...file, tensors }), 'm'), invalid(why));
    };
    refused((t) => t.delete('head.bias'), /4 values in tensor head\.bias, but has nothing/);
    refused(
      (t) => t.set('head.bias', { shape: [3], values: new Float32Array(3) }),
      /head\.bias has the shape \[3\] instead of \[4\]/,
    );
    const reduce = file.tensors.get('block.0.reduce.weight');
    assert.ok(reduce);
    const transposed = { shape: reduce.shape.toReversed(), values: reduce.values };
    refused((t) => t.set('block.0.reduce.weight', transposed), /block\.0\.reduce\.weight has the shape/);
    refused((t) => t.set('more', { shape: [0], values: new Float32Array(0) }), /tensors that its spec does not have/);
  });

  it('is rejected with an invalid spec', () => {
    const file = decodeSafetensors(encodeModel(drawnModel(spec)));
    const withSpec = (text?: string) =>
      encodeSafetensors({ ...file, metadata: text === undefined ? {} : { 'pixrnn.spec': text } });
    assert.throws(() => decodeModel(withSpec(), 'm'), invalid(/no spec/));
    assert.throws(() => decodeModel(withSpec('{'), 'm'), invalid(/invalid JSON/));
    assert.throws(() => decodeModel(withSpec('[]'), 'm'), invalid(/architecture/));
    assert.throws(() => decodeModel(withSpec('{"architecture":"pixelsnail"}'), 'm'), invalid(/"pixelsnail".*pixelcnn/));
    for (const [field, values] of Object.entries({
      channels: [0, 2, 4, '3', null],
      hidden: [0, -4, 5, 6, 4.5, 516, 1e9, '4', null],
      blocks: [0, -1, 65, 1.5, 1e12, null],
      head: [0, 3, 2052, null],
      frame: ['global', 1, null],
    })) {
      for (const value of values) {
        const text = JSON.stringify({ ...spec, [field]: value });
        assert.throws(() => decodeModel(withSpec(text), 'm'), invalid(new RegExp(`${field} must be`)), text);
      }
    }
  });

  it('is read from disk, and named if it is unreadable', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'pixrnn-model-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'm.safetensors');
    const model = drawnModel(spec);
    writeFileSync(path, encodeModel(model));
    assert.deepEqual(await loadModel(path, model.name), model);

    const fails = (file: string, code: string) =>
      assert.rejects(
        loadModel(file),
        (error) => error instanceof PixrnnError && error.code === code && error.message.includes(file),
      );
    await fails(join(folder, 'none'), 'input-unreadable');
    await fails(folder, 'input-unreadable');
    truncateSync(path, 100);
    await fails(path, 'model-invalid');
    // 64 GiB of zeros that must not be read.
    truncateSync(path, 2 ** 36);
    await fails(path, 'model-invalid');
  });
});

describe('shipped models', () => {
  it('are the defaults: photo, with a trained mixer', async () => {
    for (const channels of [1, 3] as const) {
      const model = await modelFor(channels);
      assert.equal(model.spec.architecture, 'photo');
      assert.equal(model.spec.channels, channels);
      assert.ok(model.mixer);
    }
  });

  it('load, are found by their ids, and have only zeros under their masks', async () => {
    for (const model of await loadShipped()) {
      assert.equal((await findModel(model.id)).name, model.name);
      for (const { name: network, spec: own, tensors } of scaleModels(model)) {
        if (own.architecture === 'photo' || own.architecture === 'multi-scale') continue;
        for (const [name, mask] of pixelRnnMasks(own)) {
          const values = tensors.get(name) as Float32Array;
          assert.ok(
            values.every((w, i) => mask[i] === 1 || w === 0),
            `${network}: ${name}`,
          );
        }
      }
    }
  });

  it('are found next to given models, and an unknown id is named', async () => {
    const model = drawnModel(spec);
    assert.equal(await findModel(model.id, [model]), model);
    await assert.rejects(
      findModel(model.id),
      (error) =>
        error instanceof PixrnnError && error.code === 'unknown-model' && error.message.includes(idText(model.id)),
    );
  });
});

describe('the spec of PixelCNN', () => {
  it('counts the cost of one pixel without masked connections', () => {
    // 25 inputs; 8 x 4, 20 x 4 and 4 x 8 per block; 8 x 4; 4 x 256.
    assert.equal(pixelRnnMacs(spec), 25 * 8 + (8 * 4 + 20 * 4 + 4 * 8) + 8 * 4 + 4 * 256);
    const rgb = pixelRnnMacs({ ...spec, channels: 3, hidden: 12, head: 12 });
    // Of three groups, mask B keeps six of nine connections; of the own channels, two groups see R and one sees G.
    const block = (24 * 12 * 2) / 3 + 12 * (48 + (12 * 2) / 3) + (12 * 24 * 2) / 3;
    assert.equal(rgb, 75 * 24 + (2 + 1) * 8 + block + (24 * 12 * 2) / 3 + (12 * 768 * 2) / 3);
  });

  it('keeps only its fields, in canonical order', () => {
    const parsed = parseSpec({ ...spec, frame: 'local', more: 1 });
    assert.equal(JSON.stringify(parsed), JSON.stringify({ ...spec, frame: 'local' }));
  });
});
