import { distance } from 'fastest-levenshtein';

/** The name that was probably meant: the one that takes the fewest letters to change, at most a third of them and three; or null. */
export function nearest(given: string, names: readonly string[]): string | null {
  const lower = given.toLowerCase();
  const most = Math.min(3, Math.floor(Math.max(3, lower.length) / 3));
  const [best] = names
    .map((name) => ({ name, changes: changesBetween(lower, name.toLowerCase()) }))
    .filter(({ changes }) => changes <= most)
    .sort((a, b) => a.changes - b.changes);
  return best?.name ?? null;
}

/** Letters to change; none where hyphens alone are wrong, one where the order is: that is what people mistype. */
function changesBetween(given: string, name: string): number {
  const [letters, wanted] = [given, name].map((text) => [...text.replaceAll('-', '')]) as [string[], string[]];
  if (letters.join('') === wanted.join('')) return 0;
  return letters.sort().join('') === wanted.sort().join('') ? 1 : distance(given, name);
}

/** " Did you mean compress?", or nothing where no name is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const name = nearest(given, names);
  return name === null ? '' : ` Did you mean ${name}?`;
}
