import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, before, describe, it } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { PhotoFeatures } from '#pixrnn/engine/photo-features.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { type Model, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import type { PhotoSpec } from '#pixrnn/model/photo.js';
import type { PhotoTiles } from '#pixrnn/train/networks/photo.js';
import { chooseBackend } from '#pixrnn/train/backend.js';
import { type Checkpoint, loadCheckpoint } from '#pixrnn/train/checkpoint.js';
import { cutCrop, sectionsIn, tilesOf } from '#pixrnn/train/photo-crops.js';
import { DEFAULT_SETTINGS, type SomeSettings, settingsOf } from '#pixrnn/train/settings.js';
import { type TrainingOptions, train } from '#pixrnn/train/trainer.js';
import { blobs } from '../../fixtures/draw.js';
import { referenceMeanBits } from '../model/reference-photo.js';

const spec: PhotoSpec = { architecture: 'photo', channels: 3, features: 8, blocks: 1, components: 2, head: 8 };
const images = [1, 2, 3].map((seed) => ({ name: `${seed}`, ...blobs({ width: 18, height: 16 }, seed) }));
const TINY = { steps: 6, batch: 2, crop: 8, rate: 0.02, seed: 5 };

interface Options extends Partial<TrainingOptions> {
  /** Settings given on the command line. */
  readonly given?: SomeSettings;
  readonly resume?: boolean;
}

/** Runs training in a folder; returns its model, the losses of its steps and its checkpoint. */
async function run(folder: string, { given = TINY, resume = false, ...rest }: Options = {}) {
  const path = join(folder, 'checkpoint.safetensors');
  const start = resume ? await loadCheckpoint(path) : undefined;
  const losses: [number, number][] = [];
  const model = await train({
    spec,
    settings: settingsOf(given, DEFAULT_SETTINGS.photo, start),
    images,
    heldOut: ['4'],
    folder,
    start,
    every: 4,
    backend: 'wasm',
    evaluate: () => Promise.resolve(1),
    ...rest,
    onProgress: (progress) => {
      losses.push([progress.step, progress.bitsPerDim]);
      rest.onProgress?.(progress);
    },
  });
  return { model, losses, checkpoint: await loadCheckpoint(path) };
}

function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-photo-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Returns an image that training never sees, as the network's input. */
async function heldOutTiles(): Promise<PhotoTiles> {
  const [size, channels] = [12, 3] as const;
  const { samples } = blobs({ width: size, height: size, channels }, 4);
  const records = (await PhotoFeatures.create()).records(samples, size, size, { channels });
  const sections = sectionsIn(cutCrop(records, size, { channels }, [0, 0], size), { channels }, size * size);
  return tilesOf(sections, { channels }, { batch: 1, height: size, width: size });
}

/** Returns the fields of a checkpoint that are determined by the run. */
function runState({ step, random, settings, weights, optimizer }: Checkpoint) {
  return { step, random, settings, weights, optimizer };
}

describe('training of photo', () => {
  before(() => chooseBackend('wasm'));

  it('lowers the loss, also on unseen images, and writes a model', async (context) => {
    const folder = temporaryFolder(context);
    const tiles = await heldOutTiles();
    const heldOut: number[] = [];
    const evaluate = ({ tensors }: Model): Promise<number> => {
      heldOut.push(referenceMeanBits(spec, tensors, tiles));
      return Promise.resolve(heldOut.at(-1) as number);
    };
    const given = { ...TINY, steps: 240, batch: 4 };
    const { model, losses } = await run(folder, { given, every: 80, evaluate });
    const mean = (part: typeof losses) => part.reduce((sum, [, loss]) => sum + loss, 0) / part.length;
    const [first, last] = [mean(losses.slice(0, 5)), mean(losses.slice(-50))];
    assert.ok(first - last > 0.5, `${first} to ${last} bits/dim`);
    assert.ok((heldOut[0] as number) > (heldOut[2] as number), String(heldOut));
    assert.ok(Math.abs((heldOut[2] as number) - last) < 1, `${heldOut[2]} held out, ${last} on crops`);
    const loaded = await loadModel(join(folder, 'model.safetensors'));
    assert.equal(idText(loaded.id), idText(model.id));
    assert.deepEqual(loaded.spec, spec);
    assert.equal(loaded.notes.heldOutBitsPerDim, heldOut[2]);
    assert.deepEqual(readdirSync(folder).length, 4);
  });

  it('gives the same when stopped and resumed as in one run, to the last bit', async (context) => {
    const [whole, parts] = [temporaryFolder(context), temporaryFolder(context)];
    const straight = await run(whole);
    const stop = new AbortController();
    const begun = await run(parts, {
      signal: stop.signal,
      onProgress: ({ step }) => {
        if (step === 3) stop.abort();
      },
    });
    assert.equal(begun.checkpoint.step, 3);
    const ended = await run(parts, { given: {}, resume: true });
    assert.deepEqual([...begun.losses, ...ended.losses], straight.losses);
    assert.deepEqual(runState(ended.checkpoint), runState(straight.checkpoint));
    assert.equal(idText(ended.model.id), idText(straight.model.id));
    // It differs between seeds.
    const other = await run(temporaryFolder(context), { given: { ...TINY, seed: 6, steps: 1 } });
    assert.notEqual(other.losses[0]?.[1], straight.losses[0]?.[1]);
  });

  it('warms up again if a finished run continues with more steps', async (context) => {
    const folder = temporaryFolder(context);
    const { checkpoint: start } = await run(folder, { given: { ...TINY, steps: 2 } });
    const settings = settingsOf({ steps: 3 }, DEFAULT_SETTINGS.photo, start);
    assert.equal(settings.from, 2);
    const restarted = await run(temporaryFolder(context), { settings, start });
    assert.equal(restarted.checkpoint.settings.from, 2);
    const on = await run(temporaryFolder(context), { settings: { ...settings, from: 0 }, start });
    // The first step of 200 of a warm-up is a third of the third one, and weights move in proportion to the rate.
    for (const [name, before] of start.weights) {
      const moved = (after: Checkpoint) =>
        Array.from(after.weights.get(name) as Float32Array, (w, i) => w - (before[i] as number));
      const [short, long] = [moved(restarted.checkpoint), moved(on.checkpoint)];
      const [shorter, longer] = [Math.hypot(...short), Math.hypot(...long)];
      assert.ok(longer > 0 && Math.abs(longer / shorter - 3) < 0.01, `${name}: ${shorter}, ${longer}`);
    }
  });

  it('rejects crops larger than the visible part of an image before writing anything', async (context) => {
    const folder = temporaryFolder(context);
    const out = join(folder, 'run');
    await assert.rejects(
      run(out, { given: { ...TINY, crop: 257 } }),
      (error) =>
        error instanceof PixrnnError &&
        error.code === 'usage' &&
        /--crop \d+ is too large for the model photo\. Use at most 256/.test(error.message),
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('leaks no tensors, even on failure', async (context) => {
    const folder = temporaryFolder(context);
    await run(folder, { given: { ...TINY, steps: 1 } });
    const { numTensors } = tf.memory();
    await run(folder, { given: { steps: 2 }, resume: true });
    assert.equal(tf.memory().numTensors, numTensors);
    const start = await loadCheckpoint(join(folder, 'checkpoint.safetensors'));
    const settings = settingsOf({ steps: 3 }, DEFAULT_SETTINGS.photo, start);
    await assert.rejects(
      run(folder, { settings, start: { ...start, optimizer: [] } }),
      /the checkpoint lacks iter of the state of AdamW/,
    );
    assert.equal(tf.memory().numTensors, numTensors);
  });
});
