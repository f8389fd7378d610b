import type { Item } from './item.js';

/** Milliseconds between two updates of the display. */
const INTERVAL = 120;

/** Returns a progress callback that shows the share and the time left of an item's step. */
export function progressOf(item: Item, what: string, expectedSeconds: number | null = null) {
  const began = performance.now();
  let shown = 0;
  return (done: number, total: number): void => {
    const now = performance.now();
    if (now - shown < INTERVAL && done < total) return;
    shown = now;
    const share = done / total;
    const elapsed = (now - began) / 1000;
    const measured = share > 0.02 ? (elapsed / share) * (1 - share) : null;
    const expected = expectedSeconds === null ? null : Math.max(0, expectedSeconds - elapsed);
    item.set({ progress: { share, secondsLeft: measured ?? expected, what } });
  };
}
