import { PixrnnError } from '../errors.js';

/* Fields of a spec out of untrusted JSON. All throw `model-invalid`. */

/** 1 for gray, 3 for RGB. */
export function checkedChannels({ channels }: Record<string, unknown>): 1 | 3 {
  if (channels !== 1 && channels !== 3) throw invalidField('channels', '1 or 3', channels);
  return channels;
}

/** A multiple of `multiple`, from that to `most`. */
export function checkedSize(json: Record<string, unknown>, field: string, multiple: number, most: number): number {
  const value = json[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most || value % multiple) {
    throw invalidField(field, `a multiple of ${multiple} from ${multiple} to ${most}`, value);
  }
  return value;
}

export function invalidField(field: string, expected: string, actual: unknown): PixrnnError {
  return new PixrnnError('model-invalid', `the model's ${field} must be ${expected}, not ${JSON.stringify(actual)}.`);
}
