/** `photo` codes the channels of RGB images in the order G, R, B: green tells most of the other two. */

/** Which sample of a pixel is the one that is coded as number c. */
export function sampleChannel(c: i32, channels: i32): i32 {
  return channels === 3 && c < 2 ? 1 - c : c;
}
