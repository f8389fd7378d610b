/** `photo` codes the channels of RGB images in the order G, R, B, because green predicts the other two best. */

/** Returns the index of the sample in a pixel that is coded as number c. */
export function sampleChannel(c: i32, channels: i32): i32 {
  return channels === 3 && c < 2 ? 1 - c : c;
}
