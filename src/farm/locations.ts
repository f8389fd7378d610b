import { resolve } from 'node:path';
import { slashed } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';

/** A prefix of an S3 bucket. */
export interface BucketLocation {
  readonly bucket: string;
  /** Without slashes at both ends; empty for the whole bucket. */
  readonly prefix: string;
}

/** Returns a location in the form that jobs carry: an absolute path, or an S3 URL without a slash at its end. */
export function absoluteLocation(location: string): string {
  const bucket = bucketOf(location);
  if (bucket) return `s3://${bucket.bucket}${bucket.prefix === '' ? '' : `/${bucket.prefix}`}`;
  return slashed(resolve(location));
}

/**
 * Returns the bucket and prefix of an S3 URL; null for a path.
 * @throws PixrnnError 'usage' for other URLs, and for S3 URLs with anything but a bucket and a prefix
 */
export function bucketOf(location: string): BucketLocation | null {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(location)) return null;
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(location) ?? [];
  const prefix = path.replace(/^\/+|\/+$/g, '');
  if (bucket === undefined || /(^|\/)\.{1,2}(\/|$)/.test(prefix)) {
    throw new PixrnnError('usage', 'a location must be a directory or an S3 URL: s3://bucket/prefix.');
  }
  return { bucket, prefix };
}

/** Whether a location is a root or below one. Both are absolute; links of directories are resolved when files are opened. */
export function isWithin(location: string, root: string): boolean {
  return location === root || location.startsWith(root.endsWith('/') ? root : `${root}/`);
}

/**
 * Rejects a location outside the roots of a worker.
 * @throws PixrnnError 'usage'
 */
export function requireWithin(location: string, roots: readonly string[]): void {
  if (absoluteLocation(location) === location && roots.some((root) => isWithin(location, root))) return;
  throw new PixrnnError('usage', `the run is outside the roots of this worker. Start workers with --root for it.`);
}
