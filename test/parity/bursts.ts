import type { ByteRange } from '#pixrnn/bytes.js';
import { blocksOf, type Geometry } from '#pixrnn/parity/geometry.js';

/* Damage in bursts, and whether parity restores it: docs/format/parity.md, "What is restored". */

/** How bytes are damaged. */
export const DAMAGES = ['zeroed', 'flipped', 'random'] as const;

/** Returns bytes with every byte of the ranges damaged; random and zeroed ones may be as they were. */
export function damaged(
  bytes: Uint8Array,
  ranges: readonly ByteRange[],
  how: (typeof DAMAGES)[number],
  next: () => number,
): Uint8Array {
  const result = bytes.slice();
  for (const { start, end } of ranges) {
    for (let i = start; i < end; i++) {
      result[i] = how === 'zeroed' ? 0 : how === 'flipped' ? bytes[i]! ^ 0xff : Math.floor(256 * next());
    }
  }
  return result;
}

/** Returns whether damage of all bytes of these ranges leaves enough packets for each stripe and for the checks. */
export function isWithinBudget(geometry: Geometry, ranges: readonly ByteRange[]): boolean {
  const { fileBytes, blockBytes, blocks, packets, packetBytes, stripes, parityBlocks, groups, shares } = geometry;
  const isHit = (start: number, end: number): boolean => ranges.some((range) => range.start < end && range.end > start);
  const losses = new Array<number>(stripes).fill(0);
  const lostShares = new Array<number>(groups).fill(0);
  let isFileHit = false;
  for (let i = 0; i < blocks; i++) {
    if (!isHit(i * blockBytes, Math.min(fileBytes, (i + 1) * blockBytes))) continue;
    isFileHit = true;
    losses[i % stripes]!++;
  }
  for (let j = 0; j < packets; j++) {
    if (!isHit(fileBytes + j * packetBytes, fileBytes + (j + 1) * packetBytes)) continue;
    losses[j % stripes]!++;
    lostShares[j % groups]!++;
  }
  if (!isFileHit) return lostShares.reduce((sum, count) => sum + count, 0) < packets;
  const packetsOf = (group: number): number => Math.ceil((packets - group) / groups);
  const hasChecks = (lost: number, group: number): boolean => {
    const [first, end] = blocksOf(geometry, group);
    return first === end || packetsOf(group) - lost >= shares;
  };
  return losses.every((count) => count <= parityBlocks) && lostShares.every(hasChecks);
}
