import type { BenchImage } from './data-set.js';

/** Tells on standard error how far a run is; time left is reckoned by pixels. */
export function startEta(images: readonly BenchImage[]): { done: (image: BenchImage, message: string) => void } {
  const began = performance.now();
  const total = images.reduce((sum, image) => sum + pixels(image), 0);
  let count = 0;
  let pixelsDone = 0;
  return {
    done(image, message) {
      count += 1;
      pixelsDone += pixels(image);
      const minutesLeft = ((performance.now() - began) / 60_000) * (total / pixelsDone - 1);
      process.stderr.write(`[${count}/${images.length}, ${minutesLeft.toFixed(0)} min left] ${message}\n`);
    },
  };
}

function pixels({ width, height }: BenchImage): number {
  return width * height;
}
