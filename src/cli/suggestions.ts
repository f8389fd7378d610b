import { distance } from 'fastest-levenshtein';

/** Returns the name with the fewest changes, at most three and a third of the letters; null if there is none. */
export function nearest(given: string, names: readonly string[]): string | null {
  const lower = given.toLowerCase();
  const maxChanges = Math.min(3, Math.floor(Math.max(3, lower.length) / 3));
  const [best] = names
    .map((name) => ({ name, changes: changesBetween(lower, name.toLowerCase()) }))
    .filter(({ changes }) => changes <= maxChanges)
    .sort((a, b) => a.changes - b.changes);
  return best?.name ?? null;
}

/** Returns the edit distance; 0 if only hyphens differ and 1 if only the order does, the most common typing errors. */
function changesBetween(given: string, name: string): number {
  const [letters, wanted] = [given, name].map((text) => [...text.replaceAll('-', '')]) as [string[], string[]];
  if (letters.join('') === wanted.join('')) return 0;
  return letters.sort().join('') === wanted.sort().join('') ? 1 : distance(given, name);
}

/** " Did you mean compress?"; empty if no name is similar. */
export function didYouMean(given: string, names: readonly string[]): string {
  const name = nearest(given, names);
  return name === null ? '' : ` Did you mean ${name}?`;
}
