import { appendFile, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import type { CodecName } from './codec.js';
import type { BenchImage } from './data-set.js';
import type { Environment } from './environment.js';
import type { CodecResult } from './run-codec.js';

/** One image with all its figures: a line of the NDJSON file. */
export interface Row extends BenchImage {
  /** The PNG file as it is given, metadata included. */
  pngBytes: number;
  results: Record<CodecName, CodecResult>;
  environment: Environment;
  commit: string;
  date: string;
}

export const keyOf = ({ set, file }: BenchImage): string => `${set}/${file}`;

/**
 * The rows that an earlier run left, by key. A last line that is cut off is left out.
 * @throws Error if they were measured with another model, program or processor
 */
export async function readRows(path: string | undefined, environment: Environment): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>();
  if (path === undefined || !existsSync(path)) return rows;
  const text = await readFile(path, 'utf8');
  if (text !== '' && !text.endsWith('\n')) await appendFile(path, '\n'); // so that the next row has a line of its own
  for (const line of text.split('\n')) {
    const row = parseRow(line);
    if (row === null) continue;
    if (JSON.stringify(row.environment) !== JSON.stringify(environment)) {
      throw new Error(`${path} was measured with another model, program or processor. Name another file with --json.`);
    }
    rows.set(keyOf(row), row);
  }
  return rows;
}

export async function appendRow(path: string | undefined, row: Row): Promise<void> {
  if (path !== undefined) await appendFile(path, `${JSON.stringify(row)}\n`);
}

function parseRow(line: string): Row | null {
  try {
    return JSON.parse(line) as Row;
  } catch {
    return null;
  }
}
