/** Detects photographs, which the palette coder does not encode. Encoder only: not part of the format. */
import { colourCount, numberOf, startPalette } from './palette';

/** Smaller tiles are always coded: they need little time. */
const MIN_PIXELS: i32 = 1 << 14;
/** Photographs have more colours than this. */
const MANY_COLOURS: u32 = 1024;

/**
 * Returns whether the tile has many colours, and fewer than half of its pixels have the colour of one of their four
 * preceding neighbours. Of 28 photographs (Kodak, GB82, CID22, CLIC 2025) only one reaches half; of 27 synthetic images
 * all but a scan have 0.7 or more.
 * @param packed the colours, u64[pixels]
 */
export function isPhotograph(packed: usize, width: i32, pixels: i32): bool {
  if (pixels < MIN_PIXELS) return false;
  let repeated = 0;
  const row = (<usize>width) << 3;
  const end = packed + ((<usize>pixels) << 3);
  for (let at = packed + row + 8; at < end; at += 8) {
    const colour = load<u64>(at);
    const above = at - row;
    repeated += i32(
      colour === load<u64>(at - 8) ||
        colour === load<u64>(above) ||
        colour === load<u64>(above - 8) ||
        colour === load<u64>(above + 8),
    );
  }
  return repeated < pixels >> 1 && hasManyColours(packed, end);
}

/** Returns whether there are more than MANY_COLOURS. Leaves colours in the palette. */
function hasManyColours(packed: usize, end: usize): bool {
  startPalette();
  for (let at = packed; at < end && colourCount() <= MANY_COLOURS; at += 8) numberOf(load<u64>(at));
  return colourCount() > MANY_COLOURS;
}
