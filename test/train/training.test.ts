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
import { type Model, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import type { PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';
import { pixelRnnMasks } from '#pixrnn/model/pixelrnn/tensors.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { loadCheckpoint } from '#pixrnn/train/checkpoint.js';
import { drawCurve } from '#pixrnn/train/curve.js';
import { randomCrop } from '#pixrnn/train/dataset.js';
import { learningRate } from '#pixrnn/train/learning-rate.js';
import { Random } from '#pixrnn/train/random.js';
import { DEFAULT_SETTINGS, type RunSettings, settingsOf } from '#pixrnn/train/settings.js';
import { type TrainingOptions, type TrainingProgress, train } from '#pixrnn/train/trainer.js';
import { blobs } from '../../fixtures/draw.js';

const spec: PixelRnnSpec = {
  architecture: 'pixelcnn',
  channels: 3,
  hidden: 12,
  blocks: 1,
  head: 12,
  frame: 'local',
};
const images = [1, 2, 3].map((seed) => ({ name: `${seed}`, ...blobs({ width: 20, height: 16 }, seed) }));
const heldOut = blobs({ width: 16, height: 12 }, 4);

type Options = Partial<Omit<TrainingOptions, 'settings'> & RunSettings> & { resume?: boolean };

/** Runs training in a separate folder; returns its reports. */
async function run(folder: string, options: Options): Promise<{ model: Model; steps: TrainingProgress[] }> {
  const { resume = false, ...rest } = options;
  const steps: TrainingProgress[] = [];
  const start = resume ? await loadCheckpoint(join(folder, 'checkpoint.safetensors')) : undefined;
  const engine = await Engine.create(await compileEngine());
  const model = await train({
    spec,
    settings: {
      ...settingsOf({ steps: 6, batch: 2, crop: 8, rate: 0.02, seed: 5 }, DEFAULT_SETTINGS.pixelcnn),
      ...rest,
    },
    images,
    heldOut: ['4'],
    folder,
    start,
    every: 4,
    backend: 'wasm',
    evaluate: (candidate) => {
      const { codeLengthBits } = engine.measure(candidate, heldOut, { effort: 1 });
      return Promise.resolve(codeLengthBits.reduce((sum, bits) => sum + bits, 0) / heldOut.samples.length);
    },
    ...rest,
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

function logOf(folder: string): Record<string, number | null>[] {
  const lines = readFileSync(join(folder, 'log.ndjson'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, number | null>);
}

/** Returns the contents of a folder's files. */
function contentOf(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

const isTrainingError = (why: RegExp) => (error: unknown) =>
  error instanceof PixrnnError && error.code === 'training' && why.test(error.message);

describe('training', () => {
  before(() => chooseBackend('wasm'));

  it('lowers the loss and writes a model that codes', async (context) => {
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
    for (const [name, mask] of pixelRnnMasks(spec)) {
      assert.ok(
        (loaded.tensors.get(name) as Float32Array).every((w, i) => mask[i] === 1 || w === 0),
        name,
      );
    }
    const { bytes, codeLengthBits } = await compressRaster(heldOut, { model: loaded, effort: 1, threads: 1 });
    const bits = codeLengthBits.reduce((sum, b) => sum + b, 0);
    assert.ok(Math.abs(bits / heldOut.samples.length - (evaluations[1]?.heldOut as number)) < 1e-9);
    assert.deepEqual((await decompressToRaster(bytes, { models: [loaded], threads: 1 })).raster, heldOut);
  });

  it('gives the same when stopped and resumed as in one run', (context) => stoppedAndResumed(context, {}));

  it('does so with a running mean of the weights', (context) => stoppedAndResumed(context, { average: 0.7 }));

  async function stoppedAndResumed(context: TestContext, options: Options): Promise<void> {
    const [whole, parts] = [temporaryFolder(context), temporaryFolder(context)];
    const straight = await run(whole, options);
    const stop = new AbortController();
    const begun = await run(parts, {
      ...options,
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step === 3) stop.abort();
      },
    });
    // A stopped run skips the evaluation.
    assert.equal(logOf(parts)[0]?.heldOut, null);
    assert.ok(!('heldOutBitsPerDim' in begun.model.notes));
    assert.equal(idText((await loadModel(join(parts, 'model.safetensors'))).id), idText(begun.model.id));
    assert.deepEqual(readdirSync(parts).sort(), ['checkpoint.safetensors', 'log.ndjson', 'model.safetensors']);
    const ended = await run(parts, { ...options, resume: true });
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

    // Nothing is left to do, so nothing is written.
    const before = contentOf(parts);
    const again = await run(parts, { ...options, resume: true });
    assert.deepEqual(again.model.tensors, straight.model.tensors);
    assert.deepEqual(again.model.notes, ended.model.notes);
    assert.deepEqual(contentOf(parts), before);
    // But it writes the model again if a kill left it older than the checkpoint.
    writeFileSync(join(parts, 'model.safetensors'), before['model.safetensors']?.subarray(1) as Buffer);
    await run(parts, { ...options, resume: true });
    assert.deepEqual(contentOf(parts), before);
  }

  it('writes the running mean of the weights as the model, and continues with the weights', async (context) => {
    const [plain, averaged] = [temporaryFolder(context), temporaryFolder(context)];
    const { model } = await run(averaged, { average: 0.7 });
    await run(plain, {});
    const [weights, means] = await Promise.all(
      [plain, averaged].map((folder) => loadCheckpoint(join(folder, 'checkpoint.safetensors'))),
    );
    assert.equal(weights?.average, undefined);
    assert.deepEqual(means?.weights, weights?.weights);
    assert.equal(means?.average?.steps, 6);
    assert.equal(model.notes.average, 0.7);
    for (const [name, values] of means?.average?.means ?? []) {
      const mask = pixelRnnMasks(spec).get(name);
      const masked = values.map((w, i) => w * (mask?.[i] ?? 1));
      assert.deepEqual(model.tensors.get(name), masked, name);
      assert.notDeepEqual(values, means?.weights.get(name), name);
    }
    // Without the mean, the last weights are the model again.
    const last = await run(averaged, { average: 0, resume: true });
    assert.deepEqual(last.model.tensors, (await loadModel(join(plain, 'model.safetensors'))).tensors);
  });

  it('does not save a run that diverges', async (context) => {
    const folder = temporaryFolder(context);
    await run(folder, { steps: 2 });
    const before = contentOf(folder);
    const diverged = run(folder, { resume: true, steps: 50, rate: 1e30, every: 1 });
    await assert.rejects(
      diverged,
      isTrainingError(/diverged: at step \d+ .* The checkpoint is that of step 2\. Lower/),
    );
    assert.deepEqual(contentOf(folder), before);
    await run(folder, { resume: true, steps: 3 });

    const other = temporaryFolder(context);
    await assert.rejects(run(other, { rate: 1e30, steps: 50, every: 100 }), isTrainingError(/Nothing was saved/));
    assert.deepEqual(readdirSync(other), []);
  });

  it('keeps its settings in the checkpoint', async (context) => {
    const folder = temporaryFolder(context);
    await run(folder, { steps: 1, momentum: 0.5, heldOut: ['b "1".png', 'ä\n.png'] });
    const checkpoint = await loadCheckpoint(join(folder, 'checkpoint.safetensors'));
    const settings = {
      steps: 1,
      batch: 2,
      crop: 8,
      rate: 0.02,
      optimizer: 'rmsprop',
      momentum: 0.5,
      average: 0,
      seed: 5,
      orientations: 8,
      from: 0,
    };
    assert.deepEqual(checkpoint.settings, settings);
    assert.deepEqual(checkpoint.heldOut, ['b "1".png', 'ä\n.png']);
  });

  it('saves even if stopped during evaluation', async (context) => {
    const folder = temporaryFolder(context);
    const stop = new AbortController();
    const evaluate = (_: Model, signal?: AbortSignal): Promise<number> => {
      stop.abort();
      return Promise.reject(signal?.reason as Error);
    };
    const { model, steps } = await run(folder, { signal: stop.signal, evaluate });
    assert.deepEqual(
      logOf(folder).map(({ step, heldOut }) => ({ step, heldOut })),
      [{ step: 4, heldOut: null }],
    );
    assert.equal(steps.at(-1)?.evaluation?.heldOut, null);
    assert.equal(idText((await loadModel(join(folder, 'model.safetensors'))).id), idText(model.id));
  });

  it('rejects a missing or incomplete checkpoint on resumption', async (context) => {
    const folder = temporaryFolder(context);
    const checkpoint = join(folder, 'checkpoint.safetensors');
    const resume = () => run(folder, { resume: true });
    await assert.rejects(resume(), isTrainingError(/no checkpoint/));
    await run(folder, { steps: 1 });
    const bytes = readFileSync(checkpoint);
    writeFileSync(checkpoint, bytes.subarray(0, bytes.length - 1));
    await assert.rejects(resume(), isTrainingError(/not a valid checkpoint/));
    writeFileSync(checkpoint, readFileSync(join(folder, 'model.safetensors')));
    await assert.rejects(resume(), isTrainingError(/not a valid checkpoint/));
  });

  it('leaks no tensors, even on failure', async (context) => {
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

  it('whole crops come from everywhere, in as many orientations as requested', () => {
    const size = { width: 3, height: 2, depth: 8 as const };
    const samples = Uint8Array.from({ length: 18 }, (_, i) => i);
    const random = new Random(1);
    const seenOf = (orientations: number): Set<string> => {
      const image = { name: '', ...size, samples };
      const crops = Array.from({ length: 300 }, () => randomCrop([image], 2, 3, random, orientations));
      return new Set(crops.map((crop) => crop.join()));
    };
    const [asItIs, mirrored] = ['0,1,2,3,4,5,9,10,11,12,13,14', '3,4,5,0,1,2,12,13,14,9,10,11'];
    const [upsideDown, transposed] = ['9,10,11,12,13,14,0,1,2,3,4,5', '3,4,5,12,13,14,6,7,8,15,16,17'];
    for (const [orientations, newest] of [
      [1, asItIs],
      [2, mirrored],
      [4, upsideDown],
      [8, transposed],
    ] as const) {
      const seen = seenOf(orientations);
      assert.equal(seen.size, 2 * orientations); // two places
      assert.ok(seen.has(asItIs) && seen.has(newest));
      if (orientations > 1) assert.ok(!seenOf(orientations / 2).has(newest));
    }
  });

  it('the generator continues from its state', () => {
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

  it('draws the curve of any log', async () => {
    const point = { step: 10, seconds: 3, train: 4.5, heldOut: 4.25 };
    for (const points of [[], [point], [{ ...point, train: NaN }], [point, { ...point, step: 20, heldOut: 80 }]]) {
      const svg = drawCurve(points);
      assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
      await sharp(Buffer.from(svg)).metadata();
    }
  });
});
