import type { Checkpoint } from '#pixrnn/train/checkpoint.js';

/**
 * Returns the checkpoint of `own` with the means over all runs: of weights, running means of weights, and optimizer state. It
 * keeps its position in the sequence of crops, so that each run goes on with its own (local SGD, Stich 2019).
 * @throws RangeError if the networks or the optimizers differ
 */
export function meanCheckpoint(own: Checkpoint, runs: readonly Checkpoint[]): Checkpoint {
  const step = Math.round(mean(runs.map((run) => run.step)));
  return {
    ...own,
    step,
    weights: meansByName(runs.map(({ weights }) => weights)),
    optimizer: own.optimizer.map((state, i) => {
      const values = runs.map(({ optimizer }) => {
        if (optimizer[i]?.name !== state.name) throw new RangeError('The runs have different optimizers.');
        return optimizer[i].values;
      });
      return { ...state, values: meanOf(values) };
    }),
    average: own.average && {
      steps: own.average.steps,
      means: meansByName(runs.map(({ average }) => average?.means ?? new Map<string, Float32Array>())),
    },
  };
}

function meansByName(all: readonly ReadonlyMap<string, Float32Array>[]): Map<string, Float32Array> {
  const [first = new Map<string, Float32Array>()] = all;
  return new Map(
    [...first.keys()].map((name) => [name, meanOf(all.map((values) => values.get(name) ?? new Float32Array(0)))]),
  );
}

function meanOf(all: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0)] = all;
  if (all.some(({ length }) => length !== first.length)) throw new RangeError('The runs have different networks.');
  return first.map((_, i) => mean(all.map((values) => values[i] as number)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
