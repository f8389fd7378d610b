import { PixrnnError } from '../errors.js';

/* Validation of fields of a spec from untrusted JSON. All functions throw `model-invalid`. */

/** Returns 1 for gray, 3 for RGB. */
export function checkedChannels({ channels }: Record<string, unknown>): 1 | 3 {
  if (channels !== 1 && channels !== 3) throw invalidField('channels', '1 or 3', channels);
  return channels;
}

/** Returns a size: a multiple of `multiple`, from `multiple` to `max`. */
export function checkedSize(json: Record<string, unknown>, field: string, multiple: number, max: number): number {
  const value = json[field];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max || value % multiple) {
    throw invalidField(field, `a multiple of ${multiple} from ${multiple} to ${max}`, value);
  }
  return value;
}

export function invalidField(field: string, expected: string, actual: unknown): PixrnnError {
  return new PixrnnError('model-invalid', `the model's ${field} must be ${expected}, not ${JSON.stringify(actual)}.`);
}
