/**
 * Which model is at work. A new one is a file beside this one and a line in each function here; the loop and the coder know
 * nothing of it. Codes are those of `engineCode` in `src/model/`.
 */
import { centre } from './frame';
import * as pixelcnn from './pixelcnn';

const PIXELCNN: i32 = 1;

/** Reserves memory for the model with the spec at SPEC; returns its number of weights, or -1 for an unknown one. */
export function configure(architecture: i32): i32 {
  if (architecture == PIXELCNN) return pixelcnn.configure();
  return -1;
}

export function prepare(): void {
  pixelcnn.prepare();
}

export function startTile(width: i32): void {
  pixelcnn.startTile(width);
}

export function startPixel(x: i32, y: i32): void {
  pixelcnn.startPixel(x, y);
}

/** Logits of the 256 classes of channel c; returns the value that class 0 stands for. */
export function predict(c: i32, logits: usize): i32 {
  pixelcnn.predict(c, logits);
  return centre(c);
}

export function observe(c: i32, value: i32): void {
  pixelcnn.observe(c, value);
}
