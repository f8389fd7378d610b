import type { Samples } from '../samples.js';
import { type FieldReader, type FieldWriter, malformedRecipe } from './fields.js';

/* The numbers of plain PNM files, in lines of the same number of samples, or of as many as fit. */

const [SPACE, NEWLINE, ZERO] = [0x20, 0x0a, 0x30];

/** How numbers are separated. */
export interface TextRule {
  /** Numbers in a line, at least 1. */
  readonly perLine: number;
  /** Bytes of a line, without the line break, that the numbers of a pixel may not exceed; 0 for any number. */
  readonly maxBytes: number;
  /** Whether a row of the image begins a new line. */
  readonly breaksRows: boolean;
  /** Whether spaces separate the numbers of a line; bitmaps may do without. */
  readonly spaces: boolean;
  /** Whether a space follows the last number of a line too. */
  readonly spaceAtEnd: boolean;
}

export function writeTextRule(rule: TextRule, fields: FieldWriter): void {
  const { perLine, maxBytes, breaksRows, spaces, spaceAtEnd } = rule;
  fields
    .number(perLine)
    .number(maxBytes)
    .number((breaksRows ? 1 : 0) | (spaces ? 2 : 0) | (spaceAtEnd ? 4 : 0));
}

/** @throws PixrnnError 'file-corrupt' */
export function readTextRule(fields: FieldReader): TextRule {
  const perLine = fields.number(2 ** 31);
  const maxBytes = fields.number(2 ** 31);
  const flags = fields.number(7);
  if (perLine < 1) throw malformedRecipe();
  return { perLine, maxBytes, breaksRows: (flags & 1) !== 0, spaces: (flags & 2) !== 0, spaceAtEnd: (flags & 4) !== 0 };
}

/** ImageMagick breaks lines of 2,047 bytes, in files of gray after 2,046 and in files of colours after 2,045. */
const MAX_LINE_BYTES = [2045, 2046];

/** Returns the rules that a text may follow, judged by its first line. */
export function textRules(text: Uint8Array, rowSamples: number, isBitmap: boolean): TextRule[] {
  const end = text.indexOf(NEWLINE);
  const line = text.subarray(0, end < 0 ? text.length : end);
  const spaces = !isBitmap || line.includes(SPACE);
  const spaceAtEnd = line.at(-1) === SPACE;
  const gaps = line.reduce((count, byte) => count + (byte === SPACE ? 1 : 0), 0);
  const perLine = spaces ? gaps + (spaceAtEnd ? 0 : 1) : line.length;
  if (perLine < 1) return [];
  const rule = { perLine, maxBytes: 0, spaces, spaceAtEnd };
  const canBreak = perLine <= rowSamples;
  const breaks = rowSamples % perLine === 0 || !canBreak ? [canBreak] : [true, false];
  const rules = breaks.map((breaksRows) => ({ ...rule, breaksRows }));
  if (perLine >= rowSamples || line.length > MAX_LINE_BYTES.at(-1)!) return rules;
  return [
    ...rules,
    ...MAX_LINE_BYTES.map((maxBytes) => ({ ...rule, perLine: rowSamples, maxBytes, breaksRows: true })),
  ];
}

/** A row of samples, and the samples of a pixel. */
export interface RowShape {
  readonly rowSamples: number;
  readonly channels: number;
}

/** Returns samples up to `highest` as text, with a line break at the end. */
export function writeText(
  samples: Samples,
  { rowSamples, channels }: RowShape,
  highest: number,
  rule: TextRule,
): Uint8Array {
  const { perLine, maxBytes, breaksRows, spaces, spaceAtEnd } = rule;
  const text = new Uint8Array(maxTextBytes(samples.length, rowSamples, highest, rule));
  let [at, lineStart, inLine, inRow] = [0, 0, 0, 0];
  for (let i = 0; i < samples.length; i++) {
    at = writeNumber(text, at, samples[i]!);
    inLine++;
    inRow++;
    const isFull = maxBytes > 0 && inRow % channels === 0 && exceeds(i + 1, at + 1 - lineStart);
    const endsLine = inLine === perLine || (breaksRows && inRow === rowSamples) || isFull || i === samples.length - 1;
    if (endsLine ? spaceAtEnd : spaces) text[at++] = SPACE;
    if (inRow === rowSamples) inRow = 0;
    if (!endsLine) continue;
    text[at++] = NEWLINE;
    [lineStart, inLine] = [at, 0];
  }
  return text.subarray(0, at);

  /** Whether the pixel that begins with a sample does not fit a line with that many bytes. */
  function exceeds(next: number, bytes: number): boolean {
    for (let c = 0; c < channels && next + c < samples.length; c++) bytes += digitsOf(samples[next + c]!) + 1;
    return bytes > maxBytes;
  }
}

function maxTextBytes(count: number, rowSamples: number, highest: number, rule: TextRule): number {
  const { perLine, maxBytes, breaksRows, spaces } = rule;
  const inLines = breaksRows ? (count / rowSamples) * Math.ceil(rowSamples / perLine) : Math.ceil(count / perLine);
  const lines = maxBytes > 0 ? count : Math.min(count, inLines);
  return count * (digitsOf(highest) + (spaces ? 1 : 0)) + lines * 2;
}

function digitsOf(value: number): number {
  return value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : value < 10_000 ? 4 : 5;
}

/** Writes a decimal number and returns the offset after it. */
function writeNumber(text: Uint8Array, at: number, value: number): number {
  let scale = 1;
  while (value >= scale * 10) scale *= 10;
  for (; scale >= 1; scale /= 10) text[at++] = ZERO + (Math.floor(value / scale) % 10);
  return at;
}
