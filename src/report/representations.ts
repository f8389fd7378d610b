import type { RepresentationCounts } from '../codec/container.js';
import { nounFor } from '../counted.js';
import type { OriginInfo } from '../codec/origin-info.js';

/** Descriptions of the representations, in the order in which they are listed. */
const REPRESENTATION_NAMES: Readonly<Record<keyof RepresentationCounts, string>> = {
  model: 'by a model',
  palette: 'by the palette coder',
  planes: 'by origin',
  raw: 'as raw samples',
  stored: 'as the source file',
};

/** Describes how tiles are stored: "2 by a model, 1 as raw samples". */
export function describeRepresentations(counts: RepresentationCounts): string {
  const kinds = Object.entries(REPRESENTATION_NAMES) as [keyof RepresentationCounts, string][];
  return kinds.flatMap(([kind, name]) => (counts[kind] > 0 ? [`${counts[kind]} ${name}`] : [])).join(', ');
}

/** "PhotoCD, 4:2:0; 212 bytes of exceptions", "JPEG, 4:2:0, as its coefficients (quality 85); no exceptions" */
export function describeOrigin({ name, exceptionBytes, quality }: OriginInfo): string {
  const origin =
    quality === null
      ? name
      : `${name}, as its coefficients (quality ${quality.exact ? '' : 'about '}${quality.quality})`;
  if (exceptionBytes === 0) return `${origin}; no exceptions`;
  return `${origin}; ${exceptionBytes.toLocaleString('en-US')} ${nounFor(exceptionBytes, 'byte')} of exceptions`;
}
