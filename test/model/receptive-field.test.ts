import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WINDOW_TAPS } from '#pixrnn/model/frame.js';
import type { PixelRnnKind } from '#pixrnn/model/pixelrnn/spec.js';
import { noise } from '../../fixtures/draw.js';
import { drawnModel } from './models.js';
import { PredictingEngine } from './predicting-engine.js';

const WIDTH = 11;
const HEIGHT = 10;

/** A predicate of pixels; false outside the image. */
type Where = (x: number, y: number) => boolean;

function inside(where: Where): Where {
  return (x, y) => x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT && where(x, y);
}

/** Returns the pixels that `next` marks, given those marked so far; visits `columns` in order in each row. */
function spread(columns: readonly number[], next: (x: number, y: number, before: Where) => boolean): Where {
  const found = new Set<number>();
  const before = inside((x, y) => found.has(y * WIDTH + x));
  for (let y = 0; y < HEIGHT; y++) for (const x of columns) if (next(x, y, before)) found.add(y * WIDTH + x);
  return before;
}

const rightwards = Array.from({ length: WIDTH }, (_, x) => x);
const leftwards = rightwards.toReversed();

/** Where one layer's inner features change, given where its input does (paper, figure 4 and sections 3.1, 3.2). */
const LAYERS: Readonly<Record<PixelRnnKind, (u: Where) => Where>> = {
  pixelcnn: (u) => (x, y) => u(x, y) || u(x - 1, y) || u(x - 1, y - 1) || u(x, y - 1) || u(x + 1, y - 1),
  'row-lstm': (u) =>
    spread(rightwards, (x, y, h) => u(x, y) || u(x - 1, y) || h(x - 1, y - 1) || h(x, y - 1) || h(x + 1, y - 1)),
  'diagonal-bilstm': (u) => {
    const left = spread(rightwards, (x, y, h) => u(x, y) || h(x, y - 1) || h(x - 1, y));
    const right = spread(leftwards, (x, y, h) => u(x, y) || h(x, y - 1) || h(x + 1, y));
    return (x, y) => left(x, y) || right(x, y - 1);
  },
};

describe('the receptive field of a sample', () => {
  for (const [architecture, layer] of Object.entries(LAYERS) as [PixelRnnKind, (u: Where) => Where][]) {
    for (const blocks of [1, 2]) {
      it(`with ${blocks} layer(s) of ${architecture}: every pixel that its layers reach, and no other`, () => {
        const spec = { architecture, blocks, channels: 1, hidden: 16, head: 32, frame: 'absolute' } as const;
        const engine = new PredictingEngine(drawnModel(spec));
        const picture = noise({ width: WIDTH, height: HEIGHT, channels: 1 });
        const plain = engine.predict(picture).bits;
        for (const [x0, y0] of [
          [5, 2],
          [0, 0],
          [WIDTH - 1, 1],
          [3, HEIGHT - 2],
        ] as const) {
          const samples = Uint8Array.from(picture.samples);
          samples[y0 * WIDTH + x0] = ((samples[y0 * WIDTH + x0] as number) + 128) & 255;
          const { bits } = engine.predict({ ...picture, samples });
          let where = inside((x, y) => WINDOW_TAPS.some(([dx, dy]) => x + dx === x0 && y + dy === y0));
          for (let i = 0; i < blocks; i++) where = inside(layer(where));
          for (let y = 0; y < HEIGHT; y++) {
            for (let x = 0; x < WIDTH; x++) {
              const at = 256 * (y * WIDTH + x);
              const changes = bits.subarray(at, at + 256).some((b, k) => b !== plain[at + k]);
              assert.equal(changes, where(x, y), `(${x0}, ${y0}) and (${x}, ${y})`);
            }
          }
        }
      });
    }
  }
});
