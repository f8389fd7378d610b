import { type ProtectedFile, readProtected } from '../parity/parity.js';
import { type DecodeContainerOptions, parseUnprotected } from './container-decode.js';
import type { Container, PrnnFile } from './container-layout.js';
import { damagedBeyondParity, parityOf } from './file-parity.js';

/**
 * Parses a .prnn file. Damage that its parity restores is restored in memory; `parity` of the result reports it.
 * @throws PixrnnError as `parseUnprotected`
 */
export function parseFile(bytes: Uint8Array, options: DecodeContainerOptions = {}): PrnnFile {
  const found = readProtected(bytes);
  return found ? parseProtected(found, bytes.length, options) : parseUnprotected(bytes, options);
}

/**
 * Parses a file that was read with its parity.
 * @param fileBytes length of the given file with its trailer
 * @throws PixrnnError as `parseUnprotected`
 */
export function parseProtected(found: ProtectedFile, fileBytes: number, options: DecodeContainerOptions): PrnnFile {
  try {
    return { ...parseUnprotected(found.file, options), parity: parityOf(found, fileBytes) };
  } catch (cause) {
    throw found.isWhole ? cause : damagedBeyondParity(found, cause);
  }
}

/** Returns the parsed container of a file that codes samples. Throws as `parseFile`, and an Error for other files. */
export function decodeContainer(bytes: Uint8Array, options: DecodeContainerOptions = {}): Container {
  const file = parseFile(bytes, options);
  if ('header' in file) return file;
  throw new Error('the file does not code samples: use openContainer');
}
