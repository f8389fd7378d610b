import type { BenchImage } from './data-set.js';

/** An image to measure, with a rough time estimate. */
interface Task {
  image: BenchImage;
  seconds: number;
}

/**
 * Prints the expected time of a run and its progress to standard error. The remaining time is computed from the tasks'
 * estimates.
 */
export function startEta(tasks: readonly Task[]): { done: (image: BenchImage, message: string) => void } {
  const began = performance.now();
  const estimates = new Map(tasks.map(({ image, seconds }) => [image, seconds]));
  const total = tasks.reduce((sum, { seconds }) => sum + seconds, 0);
  let count = 0;
  let done = 0;
  if (tasks.length > 0) process.stderr.write(`${tasks.length} images, about ${minutes(total)} min\n`);
  return {
    done(image, message) {
      count += 1;
      done += estimates.get(image) ?? 0;
      const secondsLeft = ((performance.now() - began) / 1000) * (total / done - 1);
      process.stderr.write(`[${count}/${tasks.length}, ${minutes(secondsLeft)} min left] ${message}\n`);
    },
  };
}

function minutes(seconds: number): string {
  return Math.ceil(seconds / 60).toFixed(0);
}
