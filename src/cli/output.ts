import {
  type BigIntStats,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import { fsPath, realPath } from '../batch/path-bytes.js';
import { temporaryName } from '../batch/leftovers.js';
import { probeFolder } from '../batch/probe-folder.js';
import { PixrnnError } from '../errors.js';
import { keepAttributes } from './file-attributes.js';
import { STANDARD_STREAM } from './input.js';
import { escapeControls } from './messages.js';
import { isNullDevice } from './null-device.js';
import { standard } from './streams.js';

/** Where a result goes. */
export interface Target {
  /** A file, or `-` for standard output. */
  path: string;
  /** Whether a file that is there may be replaced. */
  force: boolean;
  /** The file that the result is made from; the result takes on its times and mode and, when run by root, its owner. */
  source: BigIntStats | null;
  /** Whether folders that are not there are made. */
  makesFolders?: boolean | undefined;
}

/** The target of a batch's result. */
export function resultTarget(
  output: string,
  source: BigIntStats | null,
  { force, 'out-dir': folder }: { readonly force: boolean; readonly 'out-dir': string | undefined },
): Target {
  return { path: output, force, source, makesFolders: folder !== undefined };
}

/** Endings of image files. */
export const IMAGE_ENDINGS = /\.(png|apng|tiff?|webp|bmp|p[abgnp]m|gif|jpe?g|avif)$/i;
/** Those of formats that lose no detail. */
const LOSSLESS_ENDINGS = /\.(png|apng|tiff?|webp|bmp|p[abgnp]m|gif)$/i;
export const PRNN_ENDING = /\.prnn$/i;

/** `photo.png` -> `photo.prnn`; a name without an expected ending keeps all of it; standard input goes to output. */
export function outputName(input: string, ending: RegExp, newEnding: string): string {
  return input === STANDARD_STREAM ? STANDARD_STREAM : input.replace(ending, '') + newEnding;
}

/** Endings of the files that are compressed where a folder is named. */
export function sourceEndings(allowsLossy: boolean): RegExp {
  return allowsLossy ? IMAGE_ENDINGS : LOSSLESS_ENDINGS;
}

/** The name of a source's result: `photo.prnn`, or `photo.png.prnn` where photo.tif would have that, too. */
export function resultName(source: string): string {
  return outputName(source, IMAGE_ENDINGS, '.prnn');
}

export function fullResultName(source: string): string {
  return outputName(source, /(?!)/, '.prnn');
}

/** The name of a decompressed image: `photo.png` for `photo.prnn` and for `photo.png.prnn`. */
export function imageName(file: string, ending: string): string {
  const name = outputName(file, PRNN_ENDING, '');
  const keepsEnding = name !== file && name.toLowerCase().endsWith(ending);
  return keepsEnding ? name : outputName(file, PRNN_ENDING, ending);
}

/**
 * Refuses a target that cannot or must not be written, before any time goes into the result.
 * @param probe throws where its directory does not take files
 * @throws PixrnnError 'usage', 'output-exists', 'output-failed'
 */
export function checkTarget(target: Target, probe: (folder: string) => void = probeFolder): void {
  checkName(target);
  if (target.path !== STANDARD_STREAM) checkFolder(dirname(realName(target.path)), probe);
}

/**
 * Refuses a directory in which no file can be created.
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

function checkName({ path, force, source, makesFolders = false }: Target): void {
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
      throw new PixrnnError('output-failed', `${name} is the name of a folder. Name a file with --output.`);
    }
    if (makesFolders || statOrNull(dirname(path))?.isDirectory()) return;
    throw new PixrnnError('output-failed', `there is no folder for ${name}. Create it first.`);
  }
  if (stats.isDirectory()) throw new PixrnnError('output-failed', `${name} is a folder. Name a file with --output.`);
  if (!stats.isFile()) {
    throw new PixrnnError('output-failed', `${name} is not a regular file. Use "--output -" for standard output.`);
  }
  if (source !== null && stats.ino === source.ino && stats.dev === source.dev) {
    throw new PixrnnError('usage', `the output ${name} is the input itself. Choose another name with --output.`);
  }
  if (!force) {
    throw new PixrnnError('output-exists', `${name} exists. Use --force to replace it, or --output for another name.`);
  }
}

/**
 * Rejects an output that is one of the inputs, which writing would destroy.
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
 * Writes a result whole or not at all.
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
      `${displayTarget(target.path)} cannot be written (${reason}). Check the folder and the space left.`,
      { cause: error },
    );
  }
}

/** A target's name as messages show it. */
export function displayTarget(path: string): string {
  return path === STANDARD_STREAM ? 'standard output' : escapeControls(path);
}

function isClosedPipe(error: Error | null | undefined): boolean {
  return (error as NodeJS.ErrnoException | null | undefined)?.code === 'EPIPE';
}

function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    standard.stdout.write(bytes, (error) => {
      if (isClosedPipe(error)) return; // the handler of standard output's errors ends the process
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Synchronous throughout: handlers of signals (see signals.ts) cannot run while the temporary file is there. */
function writeFile(target: Target, bytes: Uint8Array): void {
  checkName(target); // again: something may have appeared meanwhile
  if (target.makesFolders) mkdirSync(fsPath(dirname(target.path)), { recursive: true });
  const path = realName(target.path);
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

/** Makes sure that a file's name outlasts a power failure, where the system can: its contents do already. */
export function flushName(path: string): void {
  try {
    const folder = openSync(fsPath(dirname(path)), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows opens no folders.
  }
}

/** A link is kept and the file that it names is replaced. */
function realName(path: string): string {
  return existsSync(fsPath(path)) ? realPath(path) : path;
}

/** With numbers as bigint: the ids of files on Windows have 64 bits, too many for a double. */
function statOrNull(path: string): BigIntStats | null {
  try {
    return statSync(fsPath(path), { bigint: true });
  } catch {
    return null;
  }
}
