/** A phrase or identifier that the project no longer uses, and its replacement. */
export interface StyleRule {
  pattern: RegExp;
  write: string;
}

/** Phrases in documents, comments, messages and test names. */
const PHRASES: readonly StyleRule[] = [
  { pattern: /\bin the mean\b/i, write: 'on average' },
  { pattern: /\bbeside\b/i, write: 'next to' },
  { pattern: /\b(tells|told)\b/i, write: 'reports, prints, states' },
  { pattern: /\bg[eo]ts? (its|their) (own )?names?\b/i, write: 'is renamed into place, is written' },
  // Not the label of `info`, which issue 18 names, which stands at the start of a row or of a string.
  { pattern: /(?<!['}]| {2})\bg(ive|ives|ave|iven|iving) (it |them )?back\b/i, write: 'restore, return' },
  { pattern: /\bg(et|ets|ot|etting) (it|them|images|photo\.png) back\b/i, write: 'restore, decompress' },
  { pattern: /\b(is|was|are|were) (already done|done already|done before)\b/i, write: 'already compressed' },
  { pattern: /\bwhat is done\b/i, write: 'files that are already compressed' },
  { pattern: /\bwith all that is in (it|them)\b/i, write: 'recurse into directories' },
  { pattern: /\btakes? (no )?(more|less)\b/i, write: 'is larger, is smaller; needs more, needs less' },
  { pattern: /\bbehind\b/i, write: 'after' },
  { pattern: /\bon the way\b/i, write: 'while coding' },
  { pattern: /\bsurer\b/i, write: 'more confident' },
  { pattern: /\b(is|are|was|be) \**sure\b/i, write: 'is confident, is below the skip threshold' },
  { pattern: /\bcharts?\b/i, write: 'APM (adaptive probability map), SSE stage' },
  { pattern: /\bused values\b/i, write: 'active alphabet' },
  { pattern: /\branks\b/i, write: 'alphabet map' },
  { pattern: /\bcolours? coders?\b/i, write: 'palette coder' },
  { pattern: /\bknowledge\b/i, write: 'side information' },
  { pattern: /\bgathered\b/i, write: 'read, resolved' },
  { pattern: /\badmission\b/i, write: 'memory budget' },
  { pattern: /\ball or none\b/i, write: 'concurrently' },
  { pattern: /\bfore(see|sees|seen|saw)\b/i, write: 'plan' },
  { pattern: /(?<!progress )\bbars\b/i, write: 'progress' },
  { pattern: /\brooms\b/i, write: 'modules' },
  { pattern: /\bthe way of\b/i, write: 'the data flow of' },
  { pattern: /\bare they what\b/i, write: 'checks each file against its original' },
  { pattern: /\bwhat cannot be\b/i, write: 'input that cannot be restored exactly' },
  { pattern: /\bthe others are still\b/i, write: 'one failure does not stop a batch' },
  { pattern: /\blarger than they are\b/i, write: 'the output would be larger than the input' },
  { pattern: /\bwhich of all possible\b/i, write: 'random seed' },
  { pattern: /\bendings? that counts?\b/i, write: 'no supported images' },
  { pattern: /\bfolders? holds?\b/i, write: 'the directory contains' },
  { pattern: /\bof one's own\b/i, write: 'create a ...' },
  { pattern: /\bmakes? no step\b/i, write: 'is skipped' },
  { pattern: /\bwhole numbers? from\b/i, write: 'integer >= ' },
  { pattern: /\bin place of\b/i, write: 'instead of' },
  { pattern: /\bbrought within\b/i, write: 'clamped to' },
  { pattern: /\bcheck sums?\b/i, write: 'checksum' },
  { pattern: /\bdown-sampl/i, write: 'downsampling' },
];

/** Identifiers that are not the field's terms. */
const IDENTIFIERS: readonly StyleRule[] = [
  { pattern: /used_?values/i, write: 'activeAlphabet' },
  { pattern: /allOrNone/, write: 'p-limit, concurrentMap' },
  { pattern: /\bTurns\b/, write: 'Semaphore' },
  { pattern: /\bAdmission/, write: 'MemoryBudget' },
  { pattern: /walkMixture|\bisPng\b/, write: 'nothing: unused' },
  { pattern: /[fF]orese(e|en)[A-Z]|\w[fF]oresee/, write: 'plan' },
  { pattern: /\bwork\(|\bworked\b(?!.example)/, write: 'handleRequest, Response' },
  { pattern: /\b(MOST|LEAST)_[A-Z]/, write: 'MAX_, MIN_' },
  { pattern: /\b(most|least)[A-Z]/, write: 'max, min' },
  { pattern: /\bturned([A-Z]|:| =|\))/, write: 'transposed' },
  { pattern: /boxDownsample|BoxImage/, write: 'areaDownsample' },
  { pattern: /\bink[A-Z(]|\bBox\b/, write: 'binarize, Rectangle' },
  { pattern: /\bBars\b/, write: 'Progress' },
  { pattern: /[kK]nowledge(Of|For)?/, write: 'sideInformation' },
  { pattern: /[cC]harts?[A-Z0-9]|[a-z]Charts?\b|\bcharted\b/, write: 'apm' },
  { pattern: /\btoRanks\b|\brankOf\b/, write: 'alphabetMap' },
  { pattern: /colourCoder|ColourCoder/, write: 'paletteCoder' },
];

export const STYLE_RULES: readonly StyleRule[] = [...PHRASES, ...IDENTIFIERS];
