import { createHash } from 'node:crypto';
import { PixrnnError } from '../errors.js';
import { safeName } from './file-name.js';
import { isObject } from './run.js';
import type { FoundFile } from './storage.js';

/** A job: one file of a run. It carries names, never pixels or secrets. */
export interface FileJob {
  readonly run: string;
  readonly file: string;
  /** The version of the source when it was submitted. */
  readonly version: string;
  /** The name of the output; null if the worker derives it from what the file contains. */
  readonly output: string | null;
  /** Whether another file of the run may have the same output, so that an existing one is never replaced. */
  readonly shared?: boolean;
}

/** The job of one tile of a large image, which the job of its file waits for. */
export interface TileJob extends Pick<FileJob, 'run' | 'file' | 'version'> {
  /** Place in the tile grid. */
  readonly tile: number;
}

/** A file of a run, before it is submitted. */
export interface PlannedFile extends FoundFile {
  readonly output: string | null;
  readonly shared: boolean;
}

/** What a worker returns for a file. */
export interface FileOutcome {
  /** `exists`: the result was there already; `changed`: the source was changed and submitted again. */
  readonly status: 'done' | 'exists' | 'changed';
  readonly output: string | null;
  readonly sourceBytes: number;
  readonly bytes: number;
  /** Pixels that were coded; those of a large image by the jobs of its tiles. */
  readonly pixels: number;
  readonly samples: number;
  readonly seconds: number;
}

export function fileJob(run: string, { name, version, output, shared }: PlannedFile): FileJob {
  return { run, file: name, version, output, ...(shared && { shared }) };
}

/** Returns the id of a job: the same for the same version of a file of a run, so that it is never queued twice. */
export function fileJobId({ run, file, version }: Pick<FileJob, 'run' | 'file' | 'version'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([file, version]))
    .digest('hex');
  return `${run}.${digest.slice(0, 24)}`;
}

/** Returns the id of the job of a tile. */
export function tileJobId(job: TileJob): string {
  return `${fileJobId(job)}.${job.tile}`;
}

/** Whether an id is that of the job of a tile. */
export function isTileId(id: string): boolean {
  return id.split('.').length > 2;
}

/** Returns the run of a job's id. */
export function runOfId(id: string): string {
  return id.split('.', 1)[0] ?? '';
}

/**
 * Checks a job that comes from a queue.
 * @throws PixrnnError 'usage'
 */
export function parseFileJob(value: unknown): FileJob {
  const { output = null, shared = false, job } = parseCommon(value);
  if ((output !== null && typeof output !== 'string') || typeof shared !== 'boolean') throw malformed();
  return { ...job, output: output && safeName(output), shared };
}

/**
 * Checks the job of a tile that comes from a queue.
 * @throws PixrnnError 'usage'
 */
export function parseTileJob(value: unknown): TileJob {
  const { tile, job } = parseCommon(value);
  if (!Number.isSafeInteger(tile) || (tile as number) < 0) throw malformed();
  return { ...job, tile: tile as number };
}

type Common = Pick<FileJob, 'run' | 'file' | 'version'>;

function parseCommon(value: unknown): Record<string, unknown> & { readonly job: Common } {
  if (!isObject(value)) throw malformed();
  const { run, file, version, ...others } = value;
  if (typeof run !== 'string' || typeof file !== 'string' || typeof version !== 'string') throw malformed();
  return { ...others, job: { run, file: safeName(file), version } };
}

function malformed(): PixrnnError {
  return new PixrnnError('usage', 'the job is malformed. Submit the run with this version of pixrnn.');
}
