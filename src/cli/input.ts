import { type BigIntStats, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { fsPath } from '../batch/path-bytes.js';
import { isWindowsDevice } from '../batch/windows-names.js';
import { PixrnnError } from '../errors.js';
import { standard } from './streams.js';

/** The name of standard input and standard output on the command line. */
export const STANDARD_STREAM = '-';

export interface Input {
  bytes: Buffer;
  /** Of a regular file, to copy mode and times to the output; null for a stream. */
  stats: BigIntStats | null;
}

/**
 * Reads a file, or standard input for `-`, to its end.
 * @throws PixrnnError 'input-unreadable'
 */
export async function readInput(file: string): Promise<Input> {
  try {
    return file === STANDARD_STREAM ? { bytes: await readStandardInput(), stats: null } : await readFile(file);
  } catch (error) {
    if (error instanceof PixrnnError) throw error;
    throw new PixrnnError('input-unreadable', isDangling(file) ? DANGLING : explain(error), { cause: error });
  }
}

async function readFile(file: string): Promise<Input> {
  if (process.platform === 'win32' && isWindowsDevice(file)) {
    throw new PixrnnError('input-unreadable', 'it is a device of Windows. Name a file.');
  }
  if ((await stat(fsPath(file))).isFIFO()) return { bytes: await readFifo(file), stats: null };
  const handle = await open(fsPath(file));
  try {
    const stats = await handle.stat({ bigint: true });
    return { bytes: await handle.readFile(), stats: stats.isFile() ? stats : null };
  } finally {
    await handle.close();
  }
}

/**
 * Reads a FIFO to its end in the event loop. In a thread of the pool, opening or reading would block until there is a writer, and Node.js
 * waits for its threads before it exits: no signal could end the process.
 */
async function readFifo(file: string): Promise<Buffer> {
  const fd = openSync(fsPath(file), constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false }); // closes the descriptor
  const parts: Buffer[] = [];
  for await (const part of socket as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

async function readStandardInput(): Promise<Buffer> {
  if (standard.stdin.isTTY) {
    throw new PixrnnError('usage', 'it is a terminal. Name a file, or redirect one with a pipe or "<".');
  }
  const parts: Uint8Array[] = [];
  for await (const part of standard.stdin) parts.push(part);
  return Buffer.concat(parts);
}

const DANGLING = 'it is a symbolic link to a missing file. Check the link.';

function isDangling(file: string): boolean {
  return !existsSync(fsPath(file)) && (lstatSync(fsPath(file), { throwIfNoEntry: false })?.isSymbolicLink() ?? false);
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file. Check the name.';
    case 'EISDIR':
      return 'it is a directory. Name the files in it.';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied. Check the permissions of the file.';
    case 'EBUSY':
      return 'another program has it open. Close it there.';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'it is larger than 2 GiB. Split the image.';
    default:
      return `it cannot be read (${message}). Check the file.`;
  }
}
