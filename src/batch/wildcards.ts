import { existsSync } from 'node:fs';
import picomatch from 'picomatch';
import { fsPath } from './path-bytes.js';
import { walk } from './walk.js';

/** A name that a pattern stands for. */
export interface Match {
  readonly path: string;
  /** The path below the last folder that the pattern names without wildcards. */
  readonly below: string;
}

/**
 * The names that a pattern matches, sorted: `*` any characters, `?` one, `[ab]` one of these, `{a,b}` either, `**` folders at any
 * depth. Shells do this, but not all of them, and not those of Windows. A name that something has, and one that matches nothing, comes
 * back as it is. Hidden names only where the pattern begins with a dot, as in shells; links to folders are not entered by `**`.
 */
export function expandWildcards(name: string): Match[] {
  const pattern = process.platform === 'win32' ? name.replaceAll('\\', '/') : name;
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
    return []; // the pattern then comes back as it is, and the error names it
  }
}
