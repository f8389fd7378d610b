import { appendFile, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { CodecName } from './codec.js';
import type { BenchImage } from './data-set.js';
import type { Environment } from './environment.js';
import type { CodecResult } from './run-codec.js';

/** A codec's figures and their origin. */
export interface Measurement extends CodecResult {
  commit: string;
  date: string;
  core: string;
}

/** One image with the figures of the codecs that ran on it: one line of the NDJSON file. */
export interface Row extends BenchImage {
  /** Size of the original PNG file, metadata included. */
  pngBytes: number;
  results: Partial<Record<CodecName, Measurement>>;
  environment: Environment;
}

export const keyOf = ({ set, file }: BenchImage): string => `${set}/${file}`;

/**
 * Reads the rows of earlier runs, by key, and merges lines about the same image. Ignores a truncated last line.
 * @throws Error unless all rows were measured with the same model, programs and processor, those of `environment` if it
 * is given
 */
export async function readRows(paths: readonly string[], environment?: Environment): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  let expected = environment;
  for (const path of paths) {
    for (const row of parseRows(await readFile(path, 'utf8'))) {
      expected ??= row.environment;
      if (JSON.stringify(row.environment) !== JSON.stringify(expected)) {
        throw new Error(`${path} was measured with another model, program or processor. Choose another file.`);
      }
      const earlier = rows.get(keyOf(row));
      rows.set(keyOf(row), { ...row, results: { ...earlier?.results, ...row.results } });
    }
  }
  return rows;
}

/** Prepares a file for the next row: it may be missing or end within a line. */
export async function openRows(path: string): Promise<void> {
  const text = existsSync(path) ? await readFile(path, 'utf8') : '';
  await appendFile(path, text === '' || text.endsWith('\n') ? '' : '\n');
}

export async function appendRow(path: string | undefined, row: Row): Promise<void> {
  if (path !== undefined) await appendFile(path, `${JSON.stringify(row)}\n`);
}

function parseRows(text: string): Row[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Row];
    } catch {
      return [];
    }
  });
}
