import type { FileAttributes } from '../batch/file-attributes.js';

/*
 * Where the sources of a run are read and its results are written: a directory that all machines mount, or a prefix of an S3 bucket. Names are
 * below that place, separated by `/`.
 */

/** A file in a listing. */
export interface FoundFile {
  readonly name: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Changes whenever the file changes: size and modification time, or an ETag. */
  readonly version: string;
}

/** A file that was read. */
export interface StoredFile {
  readonly bytes: Uint8Array;
  /** The version of these bytes. */
  readonly version: string;
  /** Times, mode and owner; null if the storage has none. */
  readonly attributes: FileAttributes | null;
}

/** How to write a file. */
export interface WriteOptions {
  /** Whether an existing file may be replaced. */
  readonly replace: boolean;
  /** The attributes of the source, which the file gets. */
  readonly attributes?: FileAttributes | null;
}

export interface Storage {
  /** The place as messages show it. */
  readonly location: string;
  /** Returns a key that is equal for all names of the same file: file systems that ignore case have several. */
  keyOf: (name: string) => string;
  /** Lists the files whose names are accepted, in any order, without holding the list. Hidden names are skipped. */
  list: (accepts: (name: string) => boolean) => AsyncIterable<FoundFile>;
  /** Returns a file's size and version; null if there is none. */
  find: (name: string) => Promise<FoundFile | null>;
  /** Reads a file. @throws PixrnnError 'input-unreadable' if there is none, 'limit' if it is longer than `maxBytes` */
  read: (name: string, maxBytes?: number) => Promise<StoredFile>;
  /** Writes a whole file or nothing: no reader ever sees a part of it. */
  write: (name: string, bytes: Uint8Array, options: WriteOptions) => Promise<'written' | 'exists'>;
  /** Removes a file, if there is one. */
  remove: (name: string) => Promise<void>;
  /** Removes the temporary files of killed processes. */
  clean: () => Promise<void>;
  close: () => void;
}

/** The storages of a run. */
export interface RunStorages {
  readonly source: Storage;
  /** Null for `verify`. */
  readonly target: Storage | null;
}

/** An error of a disk or network that may have passed when the operation is tried again. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** Maximum length of a file, which is read into one buffer. */
export const MAX_FILE_BYTES = 2 ** 31 - 1;

/** The hidden directory of a target for temporary files, and for the bands of split images. */
export const WORK_FOLDER = '.pixrnn';
