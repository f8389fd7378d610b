import { type BigIntStats, existsSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { escapeControls, shellWord, slashed } from '../node/path-text.js';
import { isHeldOpen, writeAtomically } from '../node/write-atomically.js';
import { entriesOf, fsPath, realPath } from '../batch/path-bytes.js';
import { temporaryName } from '../batch/leftovers.js';
import { keepAttributes } from '../batch/file-attributes.js';
import { probeFolder } from '../batch/probe-folder.js';
import { windowsNameFault } from '../batch/windows-names.js';
import { PixrnnError } from '../errors.js';
import { STANDARD_STREAM } from './input.js';
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
  const name = shellWord(path);
  const fault = process.platform === 'win32' ? windowsNameFault(path) : null;
  if (fault !== null) {
    throw new PixrnnError('output-failed', `${name} cannot be created: ${fault}. Choose another name with --output.`);
  }
  const stats = statOrNull(path);
  // Windows drops the slash and finds a file.
  if (path.endsWith('/') && !stats?.isDirectory()) {
    throw new PixrnnError('output-failed', `${name} is the name of a directory. Name a file with --output.`);
  }
  if (stats === null) {
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
    const other = nameOnDisk(path);
    const what = other === null ? name : `${shellWord(other)}, the same name as ${name} on this file system,`;
    throw new PixrnnError(
      'output-exists',
      `${what} already exists. Use --force to replace it, or --output for another name.`,
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
  throw new PixrnnError('usage', `the output ${shellWord(output)} is one of the inputs. Choose another name.`);
}

/**
 * Writes an output atomically.
 * @throws PixrnnError 'output-exists', 'output-failed'
 */
export async function writeTarget(target: Target, bytes: Uint8Array): Promise<void> {
  try {
    if (target.path === STANDARD_STREAM) await writeStandardOutput(bytes);
    else if (!isNullDevice(target.path)) await writeFile(target, bytes);
  } catch (error) {
    if (error instanceof PixrnnError) throw error;
    const what = `${displayTarget(target.path)} cannot be written (${(error as Error).message})`;
    const advice = isHeldOpen(error)
      ? 'Close it in other programs, or check the permissions'
      : 'Check the directory and the free space';
    throw new PixrnnError('output-failed', `${what}. ${advice}.`, { cause: error });
  }
}

/** Returns a target's name as messages show it. */
export function displayTarget(path: string): string {
  return path === STANDARD_STREAM ? 'standard output' : shellWord(path);
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

async function writeFile(target: Target, bytes: Uint8Array): Promise<void> {
  checkName(target); // again: the file may exist by now
  if (target.createsDirectories) mkdirSync(fsPath(dirname(target.path)), { recursive: true });
  const path = realName(target.path);
  if (target.inPlace && existsSync(fsPath(path))) return writeFileSync(fsPath(path), bytes);
  const temporary = temporaryName(dirname(path));
  const { source } = target;
  await writeAtomically(fsPath(temporary), bytes, {
    mode: Number(source?.mode ?? 0o666n) & 0o777,
    prepare: () => source && keepAttributes(temporary, source),
    place: () => renameSync(fsPath(temporary), fsPath(path)),
  });
}

/** Resolves symbolic links, so that the file is replaced and the link is kept. */
function realName(path: string): string {
  return existsSync(fsPath(path)) ? realPath(path) : path;
}

/** Returns how an existing file is called if its name is not the given one, as on file systems that ignore case; else null. */
function nameOnDisk(path: string): string | null {
  const [folder, name] = [dirname(path), basename(path)];
  try {
    const names = entriesOf(folder).map((entry) => entry.name);
    const fold = (text: string): string => text.normalize('NFC').toLowerCase();
    const other = names.includes(name) ? undefined : names.find((one) => fold(one) === fold(name));
    return other === undefined ? null : slashed(join(folder, other));
  } catch {
    return null; // the directory cannot be listed
  }
}

/** Uses bigint, because file ids on Windows have 64 bits. */
function statOrNull(path: string): BigIntStats | null {
  try {
    return statSync(fsPath(path), { bigint: true });
  } catch {
    return null;
  }
}
