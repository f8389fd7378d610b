/** Predictions from the nearest neighbours, for the mixer, if the model has no better ones. */
import { neighbour } from '../history';

/** Returns W + N - NW of channel c, clamped: the plane through the three. */
export function gradient(c: i32): f32 {
  const at = (<usize>c) << 2;
  const plane = load<f32>(neighbour(-1, 0) + at) + load<f32>(neighbour(0, -1) + at) - load<f32>(neighbour(-1, -1) + at);
  return max<f32>(0, min<f32>(255, plane));
}

/** Returns the mean of W and N of channel c. */
export function mean(c: i32): f32 {
  const at = (<usize>c) << 2;
  return (load<f32>(neighbour(-1, 0) + at) + load<f32>(neighbour(0, -1) + at)) / 2;
}
