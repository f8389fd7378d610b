import type { ByteRange } from '../bytes.js';
import { counted } from '../counted.js';
import { PixrnnError } from '../errors.js';
import type { FileParity } from './container-layout.js';

/** Maximum number of ranges of bytes that a message lists. */
const MAX_LISTED = 10;

/** Damage of a file that is valid all the same, such as that of its preview. */
const NOT_RESTORED = 'damaged in a part that the image does not depend on, and its parity is not enough';

/** Returns what of a file was damaged and is restored in memory: "3 of 400 blocks (bytes 0 to 3071)"; null if nothing was. */
export function damageText(parity: FileParity): string | null {
  const { blocks, damagedBlocks, damagedRanges, parityBlocks, damagedParityBlocks, isRestored, isSound } = parity;
  if (isSound) return null;
  if (!isRestored) return 'more than its parity restores';
  const inFile =
    damagedBlocks === 0 ? [] : [`${damagedBlocks} of ${counted(blocks, 'block')} (${rangesText(damagedRanges)})`];
  const inParity = damagedParityBlocks === 0 ? [] : [`${damagedParityBlocks} of ${parityBlocks} parity blocks`];
  const parts = [...inFile, ...inParity];
  return parts.length === 0 ? 'bytes after its end' : parts.join(' and ');
}

/** "bytes 0 to 1023, 4096 to 5119 and 3 more ranges" */
function rangesText(all: readonly ByteRange[]): string {
  const listed = all.slice(0, MAX_LISTED).map(({ start, end }) => `${start} to ${end - 1}`);
  const more = all.length > listed.length ? ` and ${counted(all.length - listed.length, 'more range')}` : '';
  return `bytes ${listed.join(', ')}${more}`;
}

/** Returns the warning of programs that restore a damaged file in memory; null if it is sound. */
export function damageWarning({ parity }: { readonly parity?: FileParity | undefined }): string | null {
  const damage = parity ? damageText(parity) : null;
  if (damage === null) return null;
  if (!parity?.isRestored) return `${NOT_RESTORED}. Compress the result again`;
  return `damaged: ${damage}, restored from its parity. Write a sound copy with \`pixrnn repair\``;
}

/**
 * Rejects damage that was restored in memory.
 * @param decoded whether the image was decoded
 * @throws PixrnnError 'file-corrupt'
 */
export function requireUndamaged(parity: FileParity | undefined, decoded: boolean): void {
  const damage = parity ? damageText(parity) : null;
  if (damage === null) return;
  if (!parity?.isRestored) {
    throw new PixrnnError('file-corrupt', `the .prnn file is ${NOT_RESTORED}. Decompress it, and compress it again.`);
  }
  const checked = decoded ? 'the image was decoded and is intact' : 'the structure of the result is valid';
  const what = `the .prnn file is damaged: ${damage}. Its parity restores it; ${checked}`;
  throw new PixrnnError('file-corrupt', `${what}. Write a sound copy with \`pixrnn repair\`.`);
}
