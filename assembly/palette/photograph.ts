/** Detects photographs, which the palette coder does not encode. Encoder only: not part of the format. */
import { colourCount, numberOf, startPalette } from './palette';

/** Smaller tiles are always coded: they need little time. */
const MIN_PIXELS: i32 = 1 << 14;
/** Photographs have more colours than this, and gray ones of 8 bits more grays. */
const MANY_COLOURS: u32 = 1024;
const MANY_GRAYS: u32 = 128;

/**
 * Returns whether the tile has many colours, and few of its pixels have the colour of one of their four preceding
 * neighbours: fewer than half of them, or, if it is gray, two thirds. Of 28 photographs (Kodak, GB82, CID22, CLIC 2025)
 * only one reaches half; of 66 photographs made gray, four reach two thirds. Of 27 synthetic images all but a scan have
 * 0.7 or more.
 * @param packed the colours, u64[pixels]
 */
export function isPhotograph(packed: usize, width: i32, pixels: i32, isGray: bool): bool {
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
  const few = isGray ? 3 * repeated < 2 * pixels : 2 * repeated < pixels;
  return few && hasMoreColours(packed, end, isGray ? MANY_GRAYS : MANY_COLOURS);
}

/** Returns whether there are more than `count` colours. Leaves colours in the palette. */
function hasMoreColours(packed: usize, end: usize, count: u32): bool {
  startPalette();
  for (let at = packed; at < end && colourCount() <= count; at += 8) numberOf(load<u64>(at));
  return colourCount() > count;
}
