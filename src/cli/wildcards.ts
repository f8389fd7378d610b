import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * The names that `*` (any characters) and `?` (one) in the last part of `name` match, sorted. Shells do this, but those of
 * Windows leave it to the program. A name that a file has, and one that matches nothing, comes back as it is.
 */
export function expandWildcards(name: string): string[] {
  const pattern = basename(name);
  if (!/[*?]/.test(pattern) || !name.endsWith(pattern) || existsSync(name)) return [name];
  const matcher = matcherOf(pattern);
  const found = namesIn(dirname(name)).filter((entry) => matcher.test(entry));
  const folder = name.slice(0, -pattern.length);
  return found.length === 0 ? [name] : found.sort().map((entry) => folder + entry);
}

/** Hidden files only where the pattern begins with a dot, as in shells. */
function matcherOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  const visible = pattern.startsWith('.') ? '' : '(?!\\.)';
  return new RegExp(`^${visible}${source}$`, process.platform === 'win32' ? 'isu' : 'su');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
