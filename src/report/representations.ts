import type { RepresentationCounts } from '../codec/container.js';

/** What representations are called, in the order in which they are told. */
const REPRESENTATION_NAMES: Readonly<Record<keyof RepresentationCounts, string>> = {
  model: 'by a model',
  palette: 'by the palette coder',
  raw: 'as raw samples',
  png: "as the PNG file's own stream",
};

/** "2 by a model, 1 as raw samples" */
export function describeRepresentations(counts: RepresentationCounts): string {
  const kinds = Object.entries(REPRESENTATION_NAMES) as [keyof RepresentationCounts, string][];
  return kinds.flatMap(([kind, name]) => (counts[kind] > 0 ? [`${counts[kind]} ${name}`] : [])).join(', ');
}
