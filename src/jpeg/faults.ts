import { PixrnnError } from '../errors.js';

/** Returns the error for a JPEG file that no decoder reads; `what` reads like "the frame header is too short". */
export function damagedJpeg(what: string): PixrnnError {
  return new PixrnnError('input-unreadable', `the JPEG file is damaged: ${what}. Get the file again.`);
}

/** Returns the error for an intact JPEG file of a kind that is stored as it is; `what` names the kind. */
export function unsupportedJpeg(what: string): PixrnnError {
  return new PixrnnError('input-unsupported', `${what} is not supported. Keep the file as it is.`);
}

/** Returns the error for a record that no parser writes; `fault` is the predicate of the sentence. */
export function corruptRecord(fault: string): PixrnnError {
  return new PixrnnError('file-corrupt', `the .prnn file is damaged: the JPEG record ${fault}. Get the file again.`);
}
