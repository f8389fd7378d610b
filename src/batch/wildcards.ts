import { existsSync } from 'node:fs';
import picomatch from 'picomatch';
import { slashed } from '../node/path-text.js';
import { fsPath } from './path-bytes.js';
import { walk } from './walk.js';

/** A name that matches a pattern. */
export interface Match {
  readonly path: string;
  /** The path below the last directory of the pattern without wildcards. */
  readonly below: string;
}

/**
 * Expands a pattern, sorted: `*` matches any characters, `?` one, `[ab]` one of these, `{a,b}` either, `**` directories at any depth. Not all
 * shells do this, in particular not those of Windows. The name of an existing file and a pattern without matches are returned unchanged. As in
 * shells, hidden names need a pattern that begins with a dot. `**` does not follow links to directories.
 */
export function expandWildcards(name: string): Match[] {
  const pattern = slashed(name);
  const itself = { path: name, below: name.replace(/^.*[/\\](?=[^/\\])/s, '') };
  const wild = pattern.split('/').findIndex((part) => /[*?[{]/.test(part));
  if (wild < 0 || pattern.endsWith('/') || existsSync(fsPath(name))) return [itself];
  const parts = pattern.split('/');
  const folder = parts
    .slice(0, wild)
    .map((part) => `${part}/`)
    .join('');
  const rest = parts.slice(wild);
  const matches = picomatch(rest.join('/'), { nonegate: true, noextglob: true, nocase: process.platform === 'win32' });
  const found = namesBelow(folder, rest.includes('**') ? Infinity : rest.length).filter((below) => matches(below));
  return found.length === 0 ? [itself] : found.map((below) => ({ path: folder + below, below }));
}

function namesBelow(folder: string, depth: number): string[] {
  try {
    return [...walk(folder, depth)].map(({ below }) => below);
  } catch {
    return []; // then the pattern is returned unchanged, and the error names it
  }
}
