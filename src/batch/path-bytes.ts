import { readdirSync, realpathSync } from 'node:fs';

/*
 * On Linux a file name is any sequence of bytes, but Node.js replaces bytes that are not UTF-8 by U+FFFD, and the file cannot be opened under
 * that name. Paths are therefore strings in which each such byte 0xNN is the lone surrogate U+DCNN (Python's "surrogateescape"); `fsPath`
 * converts them back to bytes for every file system call.
 */

const ESCAPED = /([\udc80-\udcff])/u;
const REPLACEMENT = '\ufffd';

/** Converts a path for the functions of node:fs. */
export function fsPath(path: string): string | Buffer {
  if (!ESCAPED.test(path)) return path;
  const parts = path.split(new RegExp(ESCAPED, 'gu'));
  return Buffer.concat(
    parts.map((part) => (ESCAPED.test(part) ? Buffer.of(part.charCodeAt(0) & 0xff) : Buffer.from(part))),
  );
}

/** Returns the string for a path of any bytes. */
export function pathOf(bytes: Buffer): string {
  const text = bytes.toString();
  if (Buffer.from(text).equals(bytes)) return text;
  let path = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] as number;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const character = bytes.subarray(at, at + length);
    const isValid = Buffer.from(character.toString()).equals(character);
    path += isValid ? character.toString() : String.fromCharCode(0xdc00 | lead);
    at += isValid ? length : 1;
  }
  return path;
}

/** Whether Node.js may have replaced bytes of a name. */
export function mayBeReplaced(name: string): boolean {
  return process.platform !== 'win32' && name.includes(REPLACEMENT);
}

/** A directory entry, with its name as a path. */
export interface NamedEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/**
 * Returns the entries of a directory, unsorted.
 * @throws NodeJS.ErrnoException
 */
export function entriesOf(folder: string): NamedEntry[] {
  const path = fsPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => mayBeReplaced(name))) return entries;
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: pathOf(entry.name),
    isFile: () => entry.isFile(),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}

/**
 * Resolves the symbolic links of a path.
 * @throws NodeJS.ErrnoException
 */
export function realPath(path: string): string {
  return pathOf(realpathSync.native(fsPath(path), 'buffer'));
}
