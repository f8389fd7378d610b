import type { RepresentationCounts } from '../codec/container.js';
import { nounFor } from '../counted.js';
import type { OriginInfo } from '../codec/origin-info.js';

/** Descriptions of the representations, in the order in which they are listed. */
const REPRESENTATION_NAMES: Readonly<Record<keyof RepresentationCounts, string>> = {
  model: 'by a model',
  palette: 'by the palette coder',
  planes: 'as luma and chroma',
  raw: 'as raw samples',
  stored: 'as the source file',
};

/** Describes how tiles are stored: "2 by a model, 1 as raw samples". */
export function describeRepresentations(counts: RepresentationCounts): string {
  const kinds = Object.entries(REPRESENTATION_NAMES) as [keyof RepresentationCounts, string][];
  return kinds.flatMap(([kind, name]) => (counts[kind] > 0 ? [`${counts[kind]} ${name}`] : [])).join(', ');
}

/** "PhotoCD, 4:2:0; 212 bytes of exceptions" */
export function describeOrigin({ name, exceptionBytes }: OriginInfo): string {
  if (exceptionBytes === 0) return `${name}; no exceptions`;
  return `${name}; ${exceptionBytes.toLocaleString('en-US')} ${nounFor(exceptionBytes, 'byte')} of exceptions`;
}
