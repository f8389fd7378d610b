import assert from 'node:assert/strict';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TileLikelihood } from '#pixrnn/engine/engine.js';
import type { Coders, JobOptions } from '#pixrnn/engine/pool.js';
import type { PaletteJob, ModelJob } from '#pixrnn/engine/protocol.js';
import type { Model } from '#pixrnn/model/model.js';
import type { Samples } from '#pixrnn/samples.js';
import { modelOnly } from './round-trip.js';

/**
 * Stands for the engine: `deflate` of differences instead of a network, in the calling thread. Like a network, it
 * requires a small image of the right size if the model is conditional, and codes none of its pixels. Its palette coder
 * never succeeds.
 */
export const plainCoders: Coders = {
  threads: 2,
  run: run as Coders['run'],
  runPlain: runPlain as Coders['runPlain'],
};

function run(model: Model, makeJob: () => ModelJob, { onRows }: JobOptions = {}): Promise<unknown> {
  assert.notEqual(model.spec.architecture, 'multi-scale', 'a scale has its own model');
  const job = makeJob();
  const { channels } = model.spec;
  const { width, height } = job.kind === 'decode' ? job : job.tile;
  const isSmall = smallPixels(model, width, height, job.small);
  onRows?.(height);
  if (job.kind === 'decode') {
    assert.ok(job.payload instanceof Uint8Array);
    const coded = unpack(job.payload, width * height * channels, channels);
    let [from, known] = [0, 0];
    const samples = new Uint8Array(width * height * channels);
    for (let i = 0; i < samples.length; i++) {
      const pixel = Math.floor(i / channels);
      if (isSmall(pixel)) samples[i] = job.small?.[known++] ?? 0;
      else samples[i] = (job.known?.[pixel] ? job.samples?.[i] : coded[from++]) ?? 0;
    }
    return Promise.resolve(samples);
  }
  const { samples } = job.tile;
  assert.equal(samples.length, width * height * channels);
  const own = samples.filter((_, i) => !isSmall(Math.floor(i / channels)));
  if (job.small)
    assert.deepEqual(
      job.small,
      samples.filter((_, i) => isSmall(Math.floor(i / channels))),
    );
  const payload = new Uint8Array(deflateRawSync(own.map((value, i) => value - (own[i - channels] ?? 0))));
  const bits = new Array<number>(channels).fill((8 * payload.length) / channels);
  const likelihood: TileLikelihood = { codeLengthBits: bits, modelCodeLengthBits: bits };
  return Promise.resolve(job.kind === 'measure' ? likelihood : { payload, ...likelihood });
}

function runPlain(makeJob: () => PaletteJob): Promise<unknown> {
  assert.equal(makeJob().kind, 'encode-palette', 'the palette coder coded nothing');
  return Promise.resolve(null);
}

/** Returns a predicate for pixels of the small image; asserts that one is given exactly if the model is conditional. */
function smallPixels({ spec }: Model, width: number, height: number, small: Samples | undefined) {
  const condition = 'condition' in spec ? spec.condition : undefined;
  assert.equal(small !== undefined, condition !== undefined, 'a small image if and only if the model is conditional');
  if (!condition) return () => false;
  const { factor } = condition;
  assert.equal(small?.length, Math.ceil(width / factor) * Math.ceil(height / factor) * spec.channels);
  return (pixel: number): boolean => (pixel % width) % factor === 0 && Math.floor(pixel / width) % factor === 0;
}

/** Any bytes decode to something. */
function unpack(payload: Uint8Array, length: number, channels: number): Uint8Array {
  const differences = inflated(payload, length);
  differences.forEach((value, i) => (differences[i] = value + (differences[i - channels] ?? 0)));
  return differences;
}

function inflated(payload: Uint8Array, length: number): Uint8Array {
  try {
    return inflateRawSync(payload, { maxOutputLength: length + 1 });
  } catch {
    return payload;
  }
}

/** Code that uses coders is tested with these instead of the engine, and with the engine. */
export function bothCoders(pool: () => Coders): readonly (readonly [string, () => Coders])[] {
  return [
    ['plain coders', () => plainCoders],
    ['the engine', () => modelOnly(pool())],
  ];
}
