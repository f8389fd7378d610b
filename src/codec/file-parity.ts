import type { ByteRange } from '../bytes.js';
import { counted } from '../counted.js';
import { hasParity, protect, type ProtectedFile } from '../parity/parity.js';
import { PixrnnError } from '../errors.js';
import { type Geometry, MIN_PERCENT } from '../parity/geometry.js';
import type { FileParity } from './container-layout.js';

/**
 * Returns a new .prnn file with a trailer of parity. Without `percent` there is none, unless the file happens to end like
 * one that has a trailer.
 * @throws PixrnnError 'usage' for an invalid percentage, 'limit'
 */
export function withParity(file: Uint8Array, percent: number | undefined): Uint8Array {
  if (percent !== undefined) return protect(file, percent);
  return hasParity(file) ? protect(file, MIN_PERCENT) : file;
}

/** Returns what the parity of a file is and what it restored. */
export function parityOf({ geometry, damage, isWhole }: ProtectedFile, fileBytes: number): FileParity {
  const { blockBytes, blocks, packets: parityBlocks } = geometry;
  const { damaged, lost, damagedPackets: damagedParityBlocks, extraBytes } = damage;
  const restored = damaged.filter((block) => !lost.includes(block));
  return {
    ...{ bytes: fileBytes - geometry.fileBytes, blockBytes, blocks, parityBlocks },
    ...{ damagedBlocks: restored.length, damagedRanges: rangesOf(restored, geometry), damagedParityBlocks },
    isRestored: isWhole,
    isSound: isWhole && damaged.length === 0 && damagedParityBlocks === 0 && extraBytes === 0,
  };
}

/** Returns the bytes of blocks, given in ascending order. */
function rangesOf(blocks: readonly number[], { blockBytes, fileBytes }: Geometry): ByteRange[] {
  const ranges: ByteRange[] = [];
  for (const block of blocks) {
    const last = ranges.at(-1);
    const [start, end] = [block * blockBytes, Math.min(fileBytes, (block + 1) * blockBytes)];
    if (last?.end === start) ranges.splice(-1, 1, { start: last.start, end });
    else ranges.push({ start, end });
  }
  return ranges;
}

/** Returns the error about a file with more damage than its parity restores. `cause` is the error of parsing what is left. */
export function damagedBeyondParity(found: ProtectedFile, cause: unknown): unknown {
  if (!(cause instanceof PixrnnError) || cause.code === 'limit') return cause;
  const isOther = cause.code === 'input-unsupported' || cause.code === 'unknown-version'; // by its damaged start
  const message = isOther ? 'the .prnn file is damaged: its start is lost. Get the file again.' : cause.message;
  const code = isOther ? 'file-corrupt' : cause.code;
  return new PixrnnError(code, `${message} ${insufficientParity(found)}.`, { cause });
}

/** Returns why parity does not restore a file, a sentence without a full stop. */
export function insufficientParity({ geometry, damage }: ProtectedFile): string {
  const { damaged, lost, lacksChecks, damagedPackets } = damage;
  if (lost.length > 0) {
    return `Its parity is not enough: ${lost.length} of ${counted(damaged.length, 'damaged block')} cannot be restored`;
  }
  const left = geometry.packets - damagedPackets;
  if (lacksChecks) return `Its parity is not enough: ${left} of ${counted(geometry.packets, 'parity block')} left`;
  return 'Its parity does not match it';
}
