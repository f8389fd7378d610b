import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { createModel, encodeModel } from '#pixrnn/model/model.js';
import type { PhotoSpec } from '#pixrnn/model/photo.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { PhotoNetwork } from '#pixrnn/train/networks/photo.js';
import { cutCrop, sectionsIn, tilesOf } from '#pixrnn/train/photo-crops.js';
import { Random } from '#pixrnn/train/random.js';
import { blobs } from '../../fixtures/draw.js';
import { cropLayout, cropRecord } from '../../scripts/crop-records.js';
import { referenceMeanBits } from '../model/reference-photo.js';
import { PYTHON, needsProcessor, needsProgram, needsPython } from '../needs.js';

// Training in PyTorch on records of the engine: the loss is that of the plain reference, and falls.

const [SIDE, TRAIN, VALID] = [16, 24, 4] as const;
const spec: PhotoSpec = {
  ...{ architecture: 'photo', channels: 3, features: 16, blocks: 2, components: 2, head: 16, predictors: 'BD' },
};

interface Line {
  readonly step: number;
  readonly train: number;
  readonly heldOut: number;
}

const missing =
  needsProcessor('avx512_bf16') || needsProgram('ninja', '--version') || needsPython('torch', 'safetensors');

describe('training in PyTorch', { skip: missing }, () => {
  let folder: string;
  let heldOut: number;
  const file = (name: string): string => join(folder, name);

  function python(run: string, args: string[], records = folder): { status: number | null; stderr: string } {
    const options = ['--batch', '8', '--every', '20', ...args];
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const program = ['scripts/torch/train.py', records, file('model.safetensors'), file(run)];
    return spawnSync(PYTHON, [...program, ...options], { encoding: 'utf8', env });
  }

  /** Trains; returns the lines of the log so far. */
  function train(run: string, ...args: string[]): Line[] {
    const { status, stderr } = python(run, args);
    assert.equal(status, 0, stderr);
    const lines = readFileSync(join(file(run), 'log.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    return lines.map((line) => JSON.parse(line) as Line);
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pixrnn-torch-'));
    await chooseBackend('wasm');
    const network = new PhotoNetwork(spec, new Random(1));
    const tensors = await network.tensors();
    network.dispose();
    writeFileSync(file('model.safetensors'), encodeModel(createModel('start', spec, tensors)));

    const features = await PhotoFeatures.create();
    const samples = (seed: number): Uint8Array => blobs({ width: SIDE, height: SIDE, channels: 3 }, seed).samples;
    const crops = Array.from({ length: TRAIN + VALID }, (_, i) => cropRecord(features, samples(i), spec, SIDE));
    const layout = cropLayout(spec, SIDE);
    assert.ok(crops.every(({ length }) => length === layout.bytes));
    writeFileSync(file('train-0.bin'), Buffer.concat(crops.slice(0, TRAIN)));
    writeFileSync(file('train-1.bin'), Buffer.concat(crops.slice(0, TRAIN)));
    writeFileSync(file('valid.bin'), Buffer.concat(crops.slice(TRAIN)));
    writeFileSync(file('records.json'), JSON.stringify({ ...layout, train: TRAIN, valid: VALID }));

    const means = Array.from({ length: VALID }, (_, i) => {
      const records = features.records(samples(TRAIN + i), SIDE, SIDE, spec);
      const sections = sectionsIn(cutCrop(records, SIDE, spec, [0, 0], SIDE), spec, SIDE ** 2);
      return referenceMeanBits(spec, tensors, tilesOf(sections, spec, { batch: 1, height: SIDE, width: SIDE }));
    });
    heldOut = means.reduce((sum, mean) => sum + mean, 0) / VALID;
  });
  after(() => rmSync(folder, { recursive: true }));

  it('measures the likelihood of the plain reference', () => {
    const [line] = train('measured', '--steps', '1', '--rate', '0') as [Line];
    assert.ok(Math.abs(line.heldOut - heldOut) < 0.01, `${line.heldOut}, ${heldOut}`);
  });

  it('refuses a directory without records, and one with another run', () => {
    const empty = python('none', ['--steps', '2'], file('none'));
    assert.equal(empty.status, 1);
    assert.match(empty.stderr, /none contains no complete records\. Write them with `npm run training-records`\./);
    const again = python('measured', ['--steps', '2']);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /measured contains a run\. Continue it with --resume/);
  });

  it('lowers the loss, also on unseen images, continues a run and writes a model', async () => {
    const begun = train('run', '--steps', '200', '--rate', '0.02', '--average', '0.9');
    const first = begun[0] as Line;
    assert.equal(begun.length, 10);
    assert.ok((begun.at(-1) as Line).train < first.train - 0.3, JSON.stringify(begun));
    assert.ok((begun.at(-1) as Line).heldOut < heldOut - 0.3, JSON.stringify(begun));
    const resumed = train('run', '--steps', '220', '--rate', '0.02', '--average', '0.9', '--resume');
    assert.deepEqual(resumed.slice(0, 10), begun);
    assert.equal(resumed.at(-1)?.step, 220);
    assert.ok((resumed.at(-1) as Line).heldOut < heldOut - 0.3, JSON.stringify(resumed));
    assert.deepEqual((await loadModel(join(file('run'), 'model.safetensors'))).spec, spec);
  });
});
