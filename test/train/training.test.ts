import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { compressRaster } from '#pixrnn/codec/compress.js';
import { decompressToRaster } from '#pixrnn/codec/decompress.js';
import { Engine, compileEngine } from '#pixrnn/engine/engine.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { parseSpec } from '#pixrnn/model/architecture.js';
import { type Model, idText, loadModel } from '#pixrnn/model/model.js';
import { pixelCnnMasks } from '#pixrnn/model/pixelcnn.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { drawCurve } from '#pixrnn/train/curve.js';
import { randomCrop } from '#pixrnn/train/dataset.js';
import { learningRate } from '#pixrnn/train/optimizer.js';
import { Random } from '#pixrnn/train/random.js';
import { type TrainingOptions, type TrainingProgress, train } from '#pixrnn/train/trainer.js';
import { blobs } from '../../fixtures/draw.js';

const spec = parseSpec({ architecture: 'pixelcnn', channels: 3, hidden: 12, blocks: 1, head: 12, frame: 'local' });
const images = [1, 2, 3].map((seed) => ({ name: `${seed}`, ...blobs({ width: 20, height: 16 }, seed) }));
const heldOut = blobs({ width: 16, height: 12 }, 4);

/** A run in a folder of its own; returns what it reported. */
async function run(
  folder: string,
  options: Partial<TrainingOptions>,
): Promise<{ model: Model; steps: TrainingProgress[] }> {
  const steps: TrainingProgress[] = [];
  const engine = await Engine.create(await compileEngine());
  const model = await train({
    spec,
    images,
    folder,
    steps: 6,
    batch: 2,
    crop: 8,
    rate: 0.02,
    momentum: 0.9,
    seed: 5,
    resume: false,
    every: 4,
    backend: 'wasm',
    evaluate: (candidate) => {
      const { codeLengthBits } = engine.measure(candidate, heldOut);
      return Promise.resolve(codeLengthBits.reduce((sum, bits) => sum + bits, 0) / heldOut.samples.length);
    },
    ...options,
    onProgress: (progress) => {
      steps.push(progress);
      options.onProgress?.(progress);
    },
  });
  return { model, steps };
}

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-train-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function logOf(folder: string): Record<string, number>[] {
  const lines = readFileSync(join(folder, 'log.ndjson'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, number>);
}

const isTrainingError = (why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === 'training' && why.test(error.message);

describe('training', () => {
  before(() => chooseBackend('wasm'));

  it('lowers the loss and leaves a model that codes', async (context) => {
    const folder = temporaryFolder(context);
    const { model, steps } = await run(folder, { steps: 30, batch: 4, crop: 12, rate: 0.05, every: 15 });
    const losses = steps.map(({ bitsPerDim }) => bitsPerDim);
    assert.ok(Math.abs((losses[0] as number) - 8) < 0.1, `begins at ${losses[0]} bits/dim`);
    assert.ok((losses.at(-1) as number) < 6.5, `ends at ${losses.at(-1)}`);

    assert.deepEqual(readdirSync(folder).sort(), [
      'checkpoint.safetensors',
      'curve.svg',
      'log.ndjson',
      'model.safetensors',
    ]);
    const log = logOf(folder);
    assert.deepEqual(
      log.map(({ step }) => step),
      [15, 30],
    );
    const evaluations = steps.flatMap(({ evaluation }) => evaluation ?? []);
    assert.deepEqual(
      log.map(({ train, heldOut }) => ({ train, heldOut })),
      evaluations,
    );
    assert.ok((evaluations[1]?.heldOut as number) < 6.5);
    // sharp draws it: it is well-formed.
    const { width, height } = await sharp(join(folder, 'curve.svg')).metadata();
    assert.deepEqual([width, height], [720, 360]);

    const loaded = await loadModel(join(folder, 'model.safetensors'));
    assert.equal(idText(loaded.id), idText(model.id));
    assert.equal(loaded.notes.steps, 30);
    for (const [name, mask] of pixelCnnMasks(spec)) {
      assert.ok(
        (loaded.tensors.get(name) as Float32Array).every((w, i) => mask[i] === 1 || w === 0),
        name,
      );
    }
    const { bytes, codeLengthBits } = await compressRaster(heldOut, { model: loaded, threads: 1 });
    const bits = codeLengthBits.reduce((sum, b) => sum + b, 0);
    assert.ok(Math.abs(bits / heldOut.samples.length - (evaluations[1]?.heldOut as number)) < 1e-9);
    assert.deepEqual((await decompressToRaster(bytes, { models: [loaded], threads: 1 })).raster, heldOut);
  });

  it('stopped and resumed, gives the same as in one go', async (context) => {
    const [whole, parts] = [temporaryFolder(context), temporaryFolder(context)];
    const straight = await run(whole, {});
    const stop = new AbortController();
    const begun = await run(parts, {
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step === 3) stop.abort();
      },
    });
    // The rest of a seed that differs is of no account: the crops go on from the checkpoint.
    const ended = await run(parts, { resume: true, seed: 99 });
    const losses = (steps: TrainingProgress[]) => steps.map(({ step, bitsPerDim }) => [step, bitsPerDim]);
    assert.deepEqual(losses([...begun.steps, ...ended.steps]), losses(straight.steps));
    assert.deepEqual(ended.model.tensors, straight.model.tensors);
    assert.deepEqual(
      logOf(parts).map(({ step }) => step),
      [3, 4, 6],
    );
    assert.deepEqual(
      readdirSync(parts).filter((name) => name.endsWith('.tmp')),
      [],
    );

    // There is nothing left to do, and nothing breaks.
    const again = await run(parts, { resume: true });
    assert.deepEqual(again.model.tensors, straight.model.tensors);
    await sharp(join(parts, 'curve.svg')).metadata();
  });

  it('refuses to resume what is not there, not whole, or a model for other images', async (context) => {
    const folder = temporaryFolder(context);
    const checkpoint = join(folder, 'checkpoint.safetensors');
    const resume = (options: Partial<TrainingOptions> = {}) => run(folder, { resume: true, ...options });
    await assert.rejects(resume(), isTrainingError(/no checkpoint/));
    await run(folder, { steps: 1 });
    const gray = parseSpec({ ...spec, channels: 1 });
    await assert.rejects(resume({ spec: gray }), isTrainingError(/RGB images: resume it without --gray/));
    const bytes = readFileSync(checkpoint);
    writeFileSync(checkpoint, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(resume(), isTrainingError(/not a whole checkpoint/));
    writeFileSync(checkpoint, readFileSync(join(folder, 'model.safetensors')));
    await assert.rejects(resume(), isTrainingError(/not a whole checkpoint/));
  });

  it('leaves no tensors behind, even where it fails', async (context) => {
    const folder = temporaryFolder(context);
    await run(folder, { steps: 1 });
    const { numTensors } = tf.memory();
    await run(folder, { steps: 1 });
    await run(folder, { steps: 2, resume: true });
    assert.equal(tf.memory().numTensors, numTensors);
    const evaluate = (): Promise<number> => Promise.reject(new Error('no engine'));
    await assert.rejects(run(folder, { steps: 1, evaluate }), /no engine/);
    assert.equal(tf.memory().numTensors, numTensors);
  });
});

describe('the parts of training', () => {
  it('the learning rate warms up, then falls along a half cosine to 2 %', () => {
    const rates = Array.from({ length: 1000 }, (_, step) => learningRate(step, 1000, 0.5, 200));
    assert.equal(rates[0], 0.5 / 200);
    assert.equal(rates[199], 0.5);
    rates.slice(1).forEach((rate, i) => {
      const before = rates[i] as number;
      assert.ok(i + 1 < 200 ? rate > before : rate <= before);
    });
    assert.ok(Math.abs((rates[600] as number) - 0.5 * 0.51) < 1e-12);
    assert.ok(Math.abs((rates[999] as number) - 0.01) < 1e-5);
    assert.ok(Math.abs(learningRate(5000, 1000, 0.5, 200) - 0.01) < 1e-12);
  });

  it('crops come in eight orientations, from everywhere, whole', () => {
    const size = { width: 3, height: 2, channels: 3 as const };
    const samples = Uint8Array.from({ length: 18 }, (_, i) => i);
    const random = new Random(1);
    const seen = new Set<string>();
    for (let i = 0; i < 300; i++) seen.add(randomCrop([{ name: '', ...size, samples }], 2, 3, random).join());
    assert.equal(seen.size, 16); // two places
    assert.ok(seen.has('0,1,2,3,4,5,9,10,11,12,13,14'));
    assert.ok(seen.has('3,4,5,12,13,14,6,7,8,15,16,17'), 'transposed');
  });

  it('the generator goes on from its state', () => {
    const random = new Random(7);
    const numbers = Array.from({ length: 2000 }, () => random.normal());
    const half = new Random(7);
    for (let i = 0; i < 1000; i++) half.normal();
    const rest = new Random(half.state);
    assert.deepEqual(
      Array.from({ length: 1000 }, () => rest.normal()),
      numbers.slice(1000),
    );
    const mean = numbers.reduce((sum, n) => sum + n, 0) / 2000;
    const variance = numbers.reduce((sum, n) => sum + n * n, 0) / 2000;
    assert.ok(Math.abs(mean) < 0.08 && Math.abs(variance - 1) < 0.12, `${mean}, ${variance}`);
  });

  it('the curve is drawn for any log', async () => {
    const point = { step: 10, seconds: 3, train: 4.5, heldOut: 4.25 };
    for (const points of [[], [point], [{ ...point, train: NaN }], [point, { ...point, step: 20, heldOut: 80 }]]) {
      const svg = drawCurve(points);
      assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
      await sharp(Buffer.from(svg)).metadata();
    }
  });
});
