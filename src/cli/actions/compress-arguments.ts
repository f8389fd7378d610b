import type { Exactness } from '../../codec/choose-result.js';
import type { BatchingArguments, BatchWritingArguments } from '../batch-options.js';
import type { CodingArguments, LikelihoodArguments, ReadingArguments, WritingArguments } from '../options.js';

/** The arguments of `pixrnn compress`. */
export interface CompressArguments
  extends
    CodingArguments,
    LikelihoodArguments,
    ReadingArguments,
    WritingArguments,
    BatchingArguments,
    BatchWritingArguments {
  images: string[];
  exact: boolean | undefined;
  pixels: boolean | undefined;
  manifest: string | undefined;
  preview: boolean;
  parity: number | undefined;
  'no-origin': boolean;
  'no-verify': boolean;
}

/** The passes over the pixels. */
export function phasesOf(args: CompressArguments): string[] {
  return args['no-verify'] ? ['coding'] : ['coding', 'verifying'];
}

/** What the results have to restore. */
export function exactnessOf({ exact, pixels }: CompressArguments): Exactness {
  return exact ? 'exact' : pixels ? 'pixels' : 'auto';
}
