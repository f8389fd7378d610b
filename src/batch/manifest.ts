import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { PixrnnError } from '../errors.js';
import { fsPath, pathOf } from './path-bytes.js';

/*
 * Manifests in the format of `sha256sum`: a digest, two spaces (or a space and an asterisk) and a name per line. A line
 * that begins with a backslash has a name in which \\, \n and \r are escaped.
 */

/** A line of a manifest. */
export interface ManifestEntry {
  /** SHA-256, 64 hexadecimal digits in lower case. */
  readonly digest: string;
  readonly name: string;
}

const LINE = /^(\\?)([0-9a-f]{64}) [ *](.+)$/is;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };
const UNESCAPED: Readonly<Record<string, string>> = { '\\\\': '\\', '\\n': '\n', '\\r': '\r' };

/** Returns a line without its end. */
export function manifestLine({ digest, name }: ManifestEntry): string {
  const escaped = name.replace(/[\\\n\r]/g, (character) => ESCAPES[character]!);
  return `${escaped === name ? '' : '\\'}${digest}  ${escaped}`;
}

/**
 * Returns the entries of a manifest.
 * @throws PixrnnError 'input-unreadable' for a line that `sha256sum` does not write
 */
export function parseManifest(bytes: Buffer): ManifestEntry[] {
  const lines = pathOf(bytes).split('\n');
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [, backslash, digest, name] = LINE.exec(line.replace(/\r$/, '')) ?? [];
    if (digest === undefined || name === undefined) {
      const what = `line ${i + 1} is not a line of sha256sum: 64 hexadecimal digits, two spaces and a name`;
      throw new PixrnnError('input-unreadable', `${what}. Check the manifest.`);
    }
    const plain = backslash === '' ? name : name.replace(/\\[\\nr]/g, (pair) => UNESCAPED[pair]!);
    return [{ digest: digest.toLowerCase(), name: plain }];
  });
}

/** Appends entries to a manifest that it does not have yet. */
export class ManifestWriter {
  private readonly lines: Set<string>;

  /** @throws PixrnnError 'input-unreadable' if the file exists, but is not a manifest */
  constructor(private readonly path: string) {
    const entries = existsSync(fsPath(path)) ? parseManifest(readFileSync(fsPath(path))) : [];
    this.lines = new Set(entries.map(manifestLine));
  }

  /** Appends an entry and flushes the file. Synchronous, so that lines of concurrent files do not mix. */
  add(entry: ManifestEntry): void {
    const line = manifestLine(entry);
    if (this.lines.has(line)) return;
    appendFileSync(fsPath(this.path), fsPath(`${line}\n`), { flush: true });
    this.lines.add(line);
  }
}
