import { type BigIntStats, constants, existsSync, lstatSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { fsPath } from '../batch/path-bytes.js';
import { PixrnnError } from '../errors.js';
import { standard } from './streams.js';

/** The name that stands for standard input or output. */
export const STANDARD_STREAM = '-';

export interface Input {
  bytes: Buffer;
  /** What is known of a regular file: its mode and modification time go on to the output. Null for a stream. */
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
 * Reads a FIFO to its end in the event loop. Opening or reading it in a thread of the pool waits for a writer, and Node.js waits for the thread
 * before it exits: no signal could end the process.
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
    throw new PixrnnError('usage', 'is a terminal. Name a file, or send one in with a pipe or "<".');
  }
  const parts: Uint8Array[] = [];
  for await (const part of standard.stdin) parts.push(part);
  return Buffer.concat(parts);
}

const DANGLING = 'it is a link to a file that is not there. Check the link.';

function isDangling(file: string): boolean {
  return !existsSync(fsPath(file)) && (lstatSync(fsPath(file), { throwIfNoEntry: false })?.isSymbolicLink() ?? false);
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file. Check the name.';
    case 'EISDIR':
      return 'it is a folder. Name the files in it.';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read. Check its permissions.';
    case 'ERR_FS_FILE_TOO_LARGE':
      return 'it is larger than 2 GiB. Cut it into parts.';
    default:
      return `it cannot be read (${message}). Check the file.`;
  }
}
