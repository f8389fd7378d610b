import { SingleBar } from 'cli-progress';
import { formatDuration } from './messages.js';
import { supportsProgress } from './terminal.js';
import type { TrainingProgress } from '../train/trainer.js';
import { standard } from './streams.js';

/** Shows a progress bar on a terminal, otherwise prints a line per evaluation; both on standard error. */
export function startTrainingProgress(quiet: boolean): {
  update: (progress: TrainingProgress) => void;
  stop: () => void;
} {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  if (!supportsProgress(standard.stderr)) {
    const update = ({ step, steps, imagesPerSecond, secondsLeft, evaluation }: TrainingProgress): void => {
      if (!evaluation) return;
      const { train, heldOut } = evaluation;
      const figures = `${train.toFixed(4)} bits/dim on crops, ${heldOut?.toFixed(4) ?? 'not measured'} held out`;
      const speed = `${imagesPerSecond.toFixed(1)} crops/s, ${formatDuration(secondsLeft)} left`;
      standard.stderr.write(`step ${step} of ${steps}: ${figures}, ${speed}\n`);
    };
    return { update, stop: () => undefined };
  }
  const bar = new SingleBar({
    stream: standard.stderr,
    format: 'step {value}/{total} [{bar}] {loss} bits/dim, held out {heldOut}  {speed} crops/s  {left} left',
    barsize: 20,
    gracefulExit: false,
  });
  let heldOut = '-';
  let loss = NaN;
  let started = false;
  return {
    update({ step, steps, bitsPerDim, imagesPerSecond, secondsLeft, evaluation }) {
      if (evaluation) heldOut = evaluation.heldOut?.toFixed(4) ?? heldOut;
      // The loss of one batch is noisy, so show a running mean.
      loss = Number.isNaN(loss) ? bitsPerDim : 0.98 * loss + 0.02 * bitsPerDim;
      const figures = {
        loss: loss.toFixed(3),
        heldOut,
        speed: imagesPerSecond.toFixed(1),
        left: formatDuration(secondsLeft),
      };
      if (!started) bar.start(steps, step, figures);
      else bar.update(step, figures);
      started = true;
    },
    stop: () => {
      if (started) bar.stop();
      started = false;
    },
  };
}
