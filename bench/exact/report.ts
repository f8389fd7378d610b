import { chooseResult } from '#pixrnn/codec/choose-result.js';
import { fixed, markdownTable, NONE, seconds } from '../markdown.js';
import { mean } from '../statistics.js';
import { libraryOf, type Parser } from './encoders.js';
import type { Row } from './measure.js';
import type { PictureSizes } from './picture.js';

const DIGEST_BYTES = 32;

/** A row, and what `--pixels` makes of its file. */
interface Result extends Row {
  /** Bytes of the .prnn file that restores samples and metadata. */
  readonly pixelBytes: number;
  /** recipeBytes over pixelBytes. */
  readonly share: number;
  readonly byDefault: 'exact' | 'stored' | 'pixels';
}

export function resultsOf(rows: readonly Row[], sizes: PictureSizes): Result[] {
  return rows.map((row) => {
    const pixelBytes = sizes.bytesOf(row.picture) + row.metadataBytes;
    const { recipeBytes, storedBytes: stored } = row;
    const exact = recipeBytes === null ? null : pixelBytes + recipeBytes + DIGEST_BYTES;
    const byDefault = chooseResult({ pixels: pixelBytes, exact, stored }, 'auto') ?? 'pixels';
    return { ...row, pixelBytes, share: (recipeBytes ?? NaN) / pixelBytes, byDefault };
  });
}

/** Returns the results of each encoder, in the order of their names. */
function byEncoder(results: readonly Result[]): [string, Result[]][] {
  const groups = new Map<string, Result[]>();
  for (const result of results) groups.set(result.encoder, [...(groups.get(result.encoder) ?? []), result]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One line per encoder. */
export function encoderTable(results: readonly Result[]): string {
  const header = [
    ...['Encoder', 'Deflate library', 'Files', 'Exact by recipe', 'Exact by default', 'Recipe, B', 'Worst, B'],
    ...['Recipe, % of .prnn', 'Worst, %', 'Make, s', 'Rebuild, s'],
  ];
  const lines = byEncoder(results).map(([encoder, ofEncoder]) => {
    const described = ofEncoder.filter(({ recipeBytes }) => recipeBytes !== null);
    const bytes = described.map(({ recipeBytes }) => recipeBytes ?? NaN);
    const shares = described.map(({ share }) => share);
    return [
      encoder,
      libraryOf(encoder)?.library ?? NONE,
      String(ofEncoder.length),
      percent(described.length / ofEncoder.length, 0),
      percent(ofEncoder.filter(({ byDefault }) => byDefault !== 'pixels').length / ofEncoder.length, 0),
      fixed(mean(bytes), 0),
      worst(bytes, (value) => fixed(value, 0)),
      percent(mean(shares), 2),
      worst(shares, (value) => percent(value, 2)),
      seconds(mean(ofEncoder.map(({ makeSeconds }) => makeSeconds))),
      described.length === 0 ? NONE : seconds(mean(described.map(({ rebuildSeconds }) => rebuildSeconds ?? NaN))),
    ];
  });
  return markdownTable(header, lines, 2);
}

/** Pictures of the corpus that are not photographs: their .prnn files are so small that shares say little. */
const NOT_PHOTOGRAPHS =
  /^(scan_text|code_dracula_screenshot|chart_chartjs_rotation|draw_excalidraw_wireframe|dicom_dicom_file01)\.png$/;

/** A recipe for these parsers needs at most: bytes for every file, or a mean share of the .prnn of photographs. */
const GOALS: Readonly<Record<Parser, { readonly bytes: number } | { readonly share: number }>> = {
  zlib: { bytes: 64 },
  'greedy or lazy': { share: 0.005 },
  optimal: { share: 0.03 },
};

/** One line per kind of parser: what recipes need at most, and whether they do. Encoders without a known library are left out. */
export function goalTable(results: readonly Result[]): string {
  const header = ['Parser', 'Goal', 'Files', 'Exact by recipe', 'Measured', 'Files beyond the goal'];
  const lines = Object.entries(GOALS).flatMap(([parser, goal]) => {
    const ofParser = results.filter(
      ({ encoder, file }) => libraryOf(encoder)?.parser === parser && ('bytes' in goal || !NOT_PHOTOGRAPHS.test(file)),
    );
    if (ofParser.length === 0) return [];
    const described = ofParser.filter(({ recipeBytes }) => recipeBytes !== null);
    const isBeyond = ({ recipeBytes, share }: Result): boolean =>
      recipeBytes === null || ('bytes' in goal ? recipeBytes > goal.bytes : !(share <= goal.share));
    const measured =
      'bytes' in goal
        ? `at most ${worst(
            described.map(({ recipeBytes }) => recipeBytes ?? NaN),
            String,
          )} B`
        : `${percent(mean(described.map(({ share }) => share)), 2)} on average`;
    return [
      [
        parser,
        'bytes' in goal ? `${goal.bytes} B, all files` : `${percent(goal.share, 1)}, photographs`,
        String(ofParser.length),
        percent(described.length / ofParser.length, 0),
        measured,
        String(ofParser.filter(isBeyond).length),
      ],
    ];
  });
  return markdownTable(header, lines, 2);
}

function percent(share: number, decimals: number): string {
  return Number.isFinite(share) ? `${fixed(100 * share, decimals)} %` : NONE;
}

/** Formats the largest value. */
function worst(values: readonly number[], format: (value: number) => string): string {
  return values.length === 0 ? NONE : format(Math.max(...values));
}
