import type { PixrnnError } from '#pixrnn/errors.js';

/** What an execution came to. */
export interface Execution {
  /** Whether the decoding of the image's data began. */
  readonly reached: boolean;
  /** Null if the file was accepted. */
  readonly refusal: PixrnnError | null;
}

/** Decodes hostile input. Throws whatever is a finding. */
export type Execute = (input: Uint8Array) => Promise<Execution>;

/** The readers of image files, by the names of their formats. */
export const IMAGE_TARGETS = ['png', 'tiff', 'gif', 'bmp', 'pnm'] as const;
export type ImageTarget = (typeof IMAGE_TARGETS)[number];

export const TARGETS = ['prnn', ...IMAGE_TARGETS, 'jpeg'] as const;
export type TargetName = (typeof TARGETS)[number];
