import { concatBytes } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { readProtected, trailerOf } from '../parity/parity.js';
import {
  type DecodeContainerOptions,
  parseProtected,
  parseUnprotected,
  type PrnnFile,
  unprotectedLength,
} from './container.js';
import { requireUndamaged } from './parity-damage.js';

/** A file that is as it was written. */
export interface Repaired {
  /**
   * The file with its parity; the given bytes if nothing is damaged. Without its parity if that is destroyed and the rest is
   * sound.
   */
  readonly bytes: Uint8Array;
  /** The parsed file. `parity` reports the damage; it is absent in files without parity, whose checks are valid. */
  readonly file: PrnnFile;
  /** Whether something was damaged. */
  readonly wasDamaged: boolean;
}

/**
 * Restores a damaged .prnn file byte for byte from its parity. Verifies the structure of the result and the checksum of
 * every chunk, without decoding the image.
 *
 * @example
 * const { bytes, wasDamaged } = repair(await readFile('photo.prnn'));
 *
 * @throws PixrnnError `file-corrupt` or `file-truncated` if the damage is more than its parity can
 * restore, or if it has none; `input-unsupported`, `unknown-version`, `limit`
 */
export function repair(bytes: Uint8Array, options: DecodeContainerOptions = {}): Repaired {
  const found = readProtected(bytes);
  if (!found) return withoutTrailer(bytes, options);
  const file = parseProtected(found, bytes.length, options);
  if (file.parity?.isSound) return { bytes, file, wasDamaged: false };
  if (!found.isWhole) requireUndamaged(file.parity, false);
  return { bytes: concatBytes([found.file, trailerOf(found)]), file, wasDamaged: true };
}

/** Removes the bytes that follow a file without parity: parity that is destroyed, for instance. */
function withoutTrailer(given: Uint8Array, options: DecodeContainerOptions): Repaired {
  try {
    return { bytes: given, file: parseUnprotected(given, options), wasDamaged: false };
  } catch (error) {
    if (!(error instanceof PixrnnError) || error.code !== 'trailing-bytes') throw error;
    const bytes = given.subarray(0, unprotectedLength(given, options));
    return { bytes, file: parseUnprotected(bytes, options), wasDamaged: true };
  }
}
