import { PixrnnError } from '../errors.js';
import type { BucketLocation } from './locations.js';
import type { Storage } from './storage.js';

export function openBucket(location: BucketLocation): Promise<Storage> {
  throw new PixrnnError('usage', `s3://${location.bucket} is not supported yet.`);
}
