import type { RepresentationCounts } from '../codec/container.js';

/** Descriptions of the representations, in the order in which they are listed. */
const REPRESENTATION_NAMES: Readonly<Record<keyof RepresentationCounts, string>> = {
  model: 'by a model',
  palette: 'by the palette coder',
  raw: 'as raw samples',
  stored: 'as the source file',
};

/** Describes how tiles are stored: "2 by a model, 1 as raw samples". */
export function describeRepresentations(counts: RepresentationCounts): string {
  const kinds = Object.entries(REPRESENTATION_NAMES) as [keyof RepresentationCounts, string][];
  return kinds.flatMap(([kind, name]) => (counts[kind] > 0 ? [`${counts[kind]} ${name}`] : [])).join(', ');
}
