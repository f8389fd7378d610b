import { type BigIntStats, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fsPath, realPath } from '../batch/path-bytes.js';
import { temporaryName } from '../batch/leftovers.js';
import { keepAttributes } from '../batch/file-attributes.js';
import { probeFolder } from '../batch/probe-folder.js';
import { PixrnnError } from '../errors.js';
import { STANDARD_STREAM } from './input.js';
import { escapeControls } from './messages.js';
import { isNullDevice } from './null-device.js';
import { standard } from './streams.js';

/** The destination of an output. */
export interface Target {
  /** A file, or `-` for standard output. */
  path: string;
  /** Whether an existing file may be replaced. */
  force: boolean;
  /** Stats of the source. The output gets its times and mode and, when run by root, its owner. */
  source: BigIntStats | null;
  /** Whether missing directories are created. */
  createsDirectories?: boolean | undefined;
  /** Whether an existing file is written in place: tumblerd opens the file that it wants a thumbnail in before it asks. */
  inPlace?: boolean | undefined;
}

/** Returns the target of one output of a batch. */
export function resultTarget(
  output: string,
  source: BigIntStats | null,
  { force, 'out-dir': folder }: { readonly force: boolean; readonly 'out-dir': string | undefined },
): Target {
  return { path: output, force, source, createsDirectories: folder !== undefined };
}

/**
 * Rejects a target that cannot or must not be written. Called before coding.
 * @param probe throws if no file can be created in a directory
 * @throws PixrnnError 'usage', 'output-exists', 'output-failed'
 */
export function checkTarget(target: Target, probe: (folder: string) => void = probeFolder): void {
  checkName(target);
  if (target.path !== STANDARD_STREAM) checkFolder(dirname(realName(target.path)), probe);
}

/**
 * Rejects a directory in which no file can be created.
 * @throws PixrnnError 'output-failed'
 */
export function checkFolder(folder: string, probe: (folder: string) => void = probeFolder): void {
  try {
    probe(folder);
  } catch (cause) {
    const reason = escapeControls((cause as Error).message);
    throw new PixrnnError('output-failed', `${reason}. Choose another directory for the output.`, { cause });
  }
}

function checkName({ path, force, source, createsDirectories = false }: Target): void {
  if (path === STANDARD_STREAM) {
    if (standard.stdout.isTTY && !force) {
      throw new PixrnnError('usage', 'standard output is a terminal. Name a file with --output, or redirect it.');
    }
    return;
  }
  if (isNullDevice(path)) return;
  const name = escapeControls(path);
  const stats = statOrNull(path);
  if (stats === null) {
    if (path.endsWith('/') || path.endsWith(sep)) {
      throw new PixrnnError('output-failed', `${name} is the name of a directory. Name a file with --output.`);
    }
    if (createsDirectories || statOrNull(dirname(path))?.isDirectory()) return;
    throw new PixrnnError('output-failed', `the directory of ${name} does not exist. Create it first.`);
  }
  if (stats.isDirectory()) throw new PixrnnError('output-failed', `${name} is a directory. Name a file with --output.`);
  if (!stats.isFile()) {
    throw new PixrnnError('output-failed', `${name} is not a regular file. Use "--output -" for standard output.`);
  }
  if (source !== null && stats.ino === source.ino && stats.dev === source.dev) {
    throw new PixrnnError('usage', `the output ${name} is the input file. Choose another name with --output.`);
  }
  if (!force) {
    throw new PixrnnError(
      'output-exists',
      `${name} already exists. Use --force to replace it, or --output for another name.`,
    );
  }
}

/**
 * Rejects an output that would overwrite one of the inputs.
 * @throws PixrnnError 'usage'
 */
export function refuseInputs(output: string, inputs: readonly string[]): void {
  const stats = output === STANDARD_STREAM ? null : statOrNull(output);
  const isOutput = (input: string): boolean => {
    const other = input === STANDARD_STREAM ? null : statOrNull(input);
    return stats !== null && other !== null && stats.ino === other.ino && stats.dev === other.dev;
  };
  if (!inputs.some(isOutput)) return;
  throw new PixrnnError('usage', `the output ${escapeControls(output)} is one of the inputs. Choose another name.`);
}

/**
 * Writes an output atomically.
 * @throws PixrnnError 'output-exists', 'output-failed'
 */
export async function writeTarget(target: Target, bytes: Uint8Array): Promise<void> {
  try {
    if (target.path === STANDARD_STREAM) await writeStandardOutput(bytes);
    else if (!isNullDevice(target.path)) writeFile(target, bytes);
  } catch (error) {
    if (error instanceof PixrnnError) throw error;
    const reason = (error as Error).message;
    throw new PixrnnError(
      'output-failed',
      `${displayTarget(target.path)} cannot be written (${reason}). Check the directory and the free space.`,
      { cause: error },
    );
  }
}

/** Returns a target's name as messages show it. */
export function displayTarget(path: string): string {
  return path === STANDARD_STREAM ? 'standard output' : escapeControls(path);
}

function isClosedPipe(error: Error | null | undefined): boolean {
  return (error as NodeJS.ErrnoException | null | undefined)?.code === 'EPIPE';
}

function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    standard.stdout.write(bytes, (error) => {
      if (isClosedPipe(error)) return; // the error handler of standard output ends the process
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Synchronous, so that no signal handler (see signals.ts) runs while the temporary file exists. */
function writeFile(target: Target, bytes: Uint8Array): void {
  checkName(target); // again: the file may exist by now
  if (target.createsDirectories) mkdirSync(fsPath(dirname(target.path)), { recursive: true });
  const path = realName(target.path);
  if (target.inPlace && existsSync(fsPath(path))) return writeFileSync(fsPath(path), bytes);
  const temporary = temporaryName(dirname(path));
  try {
    writeFileSync(fsPath(temporary), bytes, {
      flag: 'wx',
      mode: Number(target.source?.mode ?? 0o666n) & 0o777,
      flush: true,
    });
    if (target.source) keepAttributes(temporary, target.source);
    renameSync(fsPath(temporary), fsPath(path));
  } catch (error) {
    rmSync(fsPath(temporary), { force: true });
    throw error;
  }
}

/** Resolves symbolic links, so that the file is replaced and the link is kept. */
function realName(path: string): string {
  return existsSync(fsPath(path)) ? realPath(path) : path;
}

/** Uses bigint, because file ids on Windows have 64 bits. */
function statOrNull(path: string): BigIntStats | null {
  try {
    return statSync(fsPath(path), { bigint: true });
  } catch {
    return null;
  }
}
