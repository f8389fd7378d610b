/** Whether a tile is worth coding here. This is the encoder's own business: no part of the format. */
import { colourCount, numberOf, startPalette } from './palette';

/** Smaller tiles are coded in no time. */
const MIN_PIXELS: i32 = 1 << 14;
/** More colours than any palette has. */
const MANY_COLOURS: u32 = 1024;

/**
 * A tile of many colours where fewer than half of the pixels have the colour of one of the four pixels around them that
 * come before. Of the 28 photographs looked at (Kodak, GB82, CID22, CLIC 2025) one has as many as half; of the 27
 * synthetic images all have 0.7 or more but for a scan.
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

/** Leaves colours in the palette. */
function hasManyColours(packed: usize, end: usize): bool {
  startPalette();
  for (let at = packed; at < end && colourCount() <= MANY_COLOURS; at += 8) numberOf(load<u64>(at));
  return colourCount() > MANY_COLOURS;
}
