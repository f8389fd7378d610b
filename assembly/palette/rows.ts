/** Codes whether a row equals the row above: one decision each, in the context of the previous three. */
import { decideWith } from './decision';

/** How often a row differed from and equalled the row above, f64[8][2]. */
const seen: usize = memory.data(8 * 16, 16);
let history: u32 = 0;

export function startRows(): void {
  history = 0;
  for (let i: usize = 0; i < 8; i++) {
    store<f64>(seen + (i << 4), 0.4);
    store<f64>(seen + (i << 4), 0.4, 8);
  }
}

export function decideRow(same: bool): bool {
  const counts = seen + ((<usize>history) << 4);
  const no = load<f64>(counts);
  const yes = load<f64>(counts, 8);
  same = decideWith(same, yes / (no + yes));
  if (same) store<f64>(counts, yes + 1, 8);
  else store<f64>(counts, no + 1);
  history = ((history << 1) | (<u32>same)) & 7;
  return same;
}
