import { createHash } from 'node:crypto';
import type { Exactness } from '../codec/choose-result.js';
import { type Effort, EFFORTS } from '../effort.js';
import { PixrnnError } from '../errors.js';
import type { OutputFormat } from '../image/formats.js';
import { FORMAT_VERSION } from '../codec/container.js';
import { absoluteLocation } from './locations.js';

/** What a run does with each file. */
export type RunCommand = 'compress' | 'decompress' | 'verify';

/** A model, which workers have under this name. */
export interface NamedModel {
  readonly name: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
}

/** The options of a command that decide what its results are. Absent options have the defaults of the command line. */
export interface RunOptions {
  readonly effort?: Effort;
  readonly exactness?: Exactness;
  readonly model?: NamedModel;
  readonly origin?: boolean;
  readonly stripMetadata?: boolean;
  readonly allowLossySource?: boolean;
  readonly firstFrame?: boolean;
  readonly page?: number;
  /** Size of the parity, in percent of a file. */
  readonly parity?: number;
  readonly maxPixels?: number;
  readonly maxSeconds?: number;
  readonly format?: OutputFormat;
  /** Whether `verify` decodes the files. */
  readonly full?: boolean;
  /** Whether existing files that differ from the results are replaced. */
  readonly replace?: boolean;
}

/** A run: what all of its jobs have in common. It holds no secrets. */
export interface Run {
  readonly command: RunCommand;
  /** As `absoluteLocation` returns it. */
  readonly source: string;
  /** Null for `verify`. */
  readonly target: string | null;
  readonly options: RunOptions;
  /** Version of the format. */
  readonly formatVersion: number;
}

/** Returns the run of a command line. */
export function runOf(command: RunCommand, source: string, target: string | null, options: RunOptions): Run {
  const sorted = Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))) as RunOptions;
  return {
    command,
    source: absoluteLocation(source),
    target: target === null ? null : absoluteLocation(target),
    options: sorted,
    formatVersion: FORMAT_VERSION,
  };
}

/** Returns the id of a run: the same for the same command line, so that submitting it again adds nothing. */
export function runId({ command, source, target, options, formatVersion }: Run): string {
  const text = JSON.stringify([command, source, target, options, formatVersion]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const COMMANDS: readonly unknown[] = ['compress', 'decompress', 'verify'];
const FLAGS = ['origin', 'stripMetadata', 'allowLossySource', 'firstFrame', 'full', 'replace'] as const;
const COUNTS = ['page', 'parity', 'maxPixels', 'maxSeconds'] as const;

/**
 * Checks a run that comes from a queue.
 * @throws PixrnnError 'usage'
 */
export function parseRun(value: unknown): Run {
  if (!isRun(value)) throw new PixrnnError('usage', 'the run is malformed. Submit it with this version of pixrnn.');
  return value;
}

function isRun(value: unknown): value is Run {
  if (!isObject(value)) return false;
  const { command, source, target, options, formatVersion } = value;
  const hasPlaces = typeof source === 'string' && (command === 'verify' ? target === null : typeof target === 'string');
  return (
    COMMANDS.includes(command) &&
    hasPlaces &&
    typeof formatVersion === 'number' &&
    isObject(options) &&
    areOptions(options)
  );
}

function areOptions(options: Readonly<Record<string, unknown>>): boolean {
  const { effort, exactness, model, format, ...others } = options;
  const isModel = isObject(model) && typeof model['name'] === 'string' && typeof model['id'] === 'string';
  const isOther = ([name, value]: [string, unknown]): boolean =>
    (FLAGS as readonly string[]).includes(name)
      ? typeof value === 'boolean'
      : (COUNTS as readonly string[]).includes(name) && Number.isSafeInteger(value) && (value as number) >= 1;
  return (
    (effort === undefined || (EFFORTS as readonly unknown[]).includes(effort)) &&
    [undefined, 'auto', 'exact', 'pixels'].includes(exactness as string) &&
    [undefined, 'png', 'tiff', 'webp', 'pnm'].includes(format as string) &&
    (model === undefined || isModel) &&
    Object.entries(others).every(isOther)
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
