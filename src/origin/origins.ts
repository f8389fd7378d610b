import type { ColourRule } from './colour-rule.js';
import { jfif } from './jfif.js';
import { photoCd } from './photocd.js';
import {
  CENTRED_420,
  CENTRED_422,
  CENTRED_440,
  COSITED_420,
  FULL_CHROMA,
  REPLICATED_420,
  REPLICATED_422,
  type Subsampling,
} from './subsampling.js';

/** A rule by which RGB images are computed from luma and chroma. */
export interface Origin {
  /** As `info` prints it. */
  readonly name: string;
  readonly rule: ColourRule;
  readonly subsampling: Subsampling;
}

const origin = (name: string, rule: ColourRule, subsampling: Subsampling): Origin => {
  return { name: `${name}, ${subsampling.name}`, rule, subsampling };
};

/** All origins, in the order of their numbers in files (docs/format/origins.md). */
export const ORIGINS: readonly Origin[] = [
  origin('PhotoCD', photoCd, COSITED_420),
  origin('JPEG', jfif, FULL_CHROMA),
  origin('JPEG', jfif, CENTRED_422),
  origin('JPEG', jfif, CENTRED_440),
  origin('JPEG', jfif, CENTRED_420),
  origin('JPEG', jfif, REPLICATED_422),
  origin('JPEG', jfif, REPLICATED_420),
];
