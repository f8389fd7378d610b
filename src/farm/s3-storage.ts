import type { S3Client } from '@aws-sdk/client-s3';
import { PixrnnError } from '../errors.js';
import { loadOptional } from '../node/optional-package.js';
import { BUCKETS } from './farm-packages.js';
import { isHidden, safeName } from './file-name.js';
import type { BucketLocation } from './locations.js';
import { type FoundFile, MAX_FILE_BYTES, type Storage, StorageError, type StoredFile } from './storage.js';
import type { WriteOptions } from './storage.js';

type S3 = typeof import('@aws-sdk/client-s3');

/** Attempts of a request that a server answers with 500 or 503, or not at all, with doubling delays. */
const ATTEMPTS = 6;
const CONNECT_MILLISECONDS = 5000;
/** Longest wait between two pieces of an answer. */
const IDLE_MILLISECONDS = 60_000;

/**
 * Opens a prefix of a bucket. Endpoint, region and credentials are those of the AWS environment and configuration files; with an endpoint of
 * the environment (MinIO, Ceph), buckets are parts of paths, not of host names.
 * @throws PixrnnError 'usage' if the package is missing
 */
export async function openBucket(location: BucketLocation): Promise<Storage> {
  const s3 = await loadOptional(BUCKETS, () => import('@aws-sdk/client-s3'));
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const client = new s3.S3Client({
    maxAttempts: ATTEMPTS,
    forcePathStyle: (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined,
    requestHandler: { connectionTimeout: CONNECT_MILLISECONDS, socketTimeout: IDLE_MILLISECONDS },
  });
  return new BucketStorage(s3, client, location);
}

/** A prefix of an S3 bucket. An object appears whole or not at all; it replaces another one only if that is asked for. */
class BucketStorage implements Storage {
  readonly location: string;
  private readonly start: string;

  constructor(
    private readonly s3: S3,
    private readonly client: S3Client,
    private readonly place: BucketLocation,
  ) {
    const { bucket, prefix } = place;
    this.start = prefix === '' ? '' : `${prefix}/`;
    this.location = `s3://${bucket}/${prefix}`;
  }

  keyOf(name: string): string {
    return name;
  }

  async *list(accepts: (name: string) => boolean): AsyncIterable<FoundFile> {
    let next: string | undefined;
    do {
      const command = new this.s3.ListObjectsV2Command({
        Bucket: this.place.bucket,
        Prefix: this.start,
        ContinuationToken: next,
      });
      const page = await this.client.send(command).catch(fail);
      for (const { Key = '', Size = 0, ETag = '' } of page.Contents ?? []) {
        const name = Key.slice(this.start.length);
        if (name === '' || name.endsWith('/') || isHidden(name) || !accepts(name)) continue;
        yield { name: safeName(name), bytes: Size, version: versionOf(Size, ETag) };
      }
      next = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (next !== undefined);
  }

  async find(name: string): Promise<FoundFile | null> {
    const found = await this.client.send(new this.s3.HeadObjectCommand(this.at(name))).catch(unlessMissing);
    if (found === null) return null;
    const { ContentLength: bytes = 0, ETag = '' } = found;
    return { name, bytes, version: versionOf(bytes, ETag) };
  }

  async read(name: string, maxBytes = MAX_FILE_BYTES): Promise<StoredFile> {
    const found = await this.client.send(new this.s3.GetObjectCommand(this.at(name))).catch(unlessMissing);
    if (found === null) throw new PixrnnError('input-unreadable', 'no such object. Check the name.');
    const { Body, ContentLength: length = 0, ETag = '' } = found;
    if (length > maxBytes) {
      (Body as { destroy?: () => void } | undefined)?.destroy?.();
      const what = `it has ${length} bytes, more than the limit of ${maxBytes}`;
      throw new PixrnnError('limit', `${what}. Compress it on one machine.`);
    }
    const bytes = (await Body?.transformToByteArray().catch(fail)) ?? new Uint8Array(0);
    if (bytes.length !== length) throw new StorageError(`${bytes.length} of ${length} bytes arrived`);
    return { bytes, version: versionOf(length, ETag), attributes: null };
  }

  async write(name: string, bytes: Uint8Array, { replace }: WriteOptions): Promise<'written' | 'exists'> {
    // Some servers ignore the condition of a PUT.
    if (!replace && (await this.find(name)) !== null) return 'exists';
    const command = new this.s3.PutObjectCommand({
      ...this.at(name),
      Body: bytes,
      ContentType: 'application/octet-stream',
      ...(!replace && { IfNoneMatch: '*' }),
    });
    try {
      await this.client.send(command);
      return 'written';
    } catch (error) {
      if (!replace && statusOf(error) === 412) return 'exists';
      return fail(error);
    }
  }

  async remove(name: string): Promise<void> {
    await this.client.send(new this.s3.DeleteObjectCommand(this.at(name))).catch(fail);
  }

  /** An interrupted PUT leaves nothing. */
  clean(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.client.destroy();
  }

  private at(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.place.bucket, Key: this.start + safeName(name) };
  }
}

function versionOf(bytes: number, tag: string): string {
  return `${bytes}-${tag.replaceAll('"', '')}`;
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function unlessMissing(error: unknown): null {
  return statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket' ? null : fail(error);
}

/** Errors that do not pass: wrong credentials, permissions or buckets. */
const LASTING = new Set([
  'AccessDenied',
  'CredentialsProviderError',
  'InvalidAccessKeyId',
  'NoSuchBucket',
  'SignatureDoesNotMatch',
]);

function fail(error: unknown): never {
  const { name, message } = error as Error;
  if (!LASTING.has(name)) throw new StorageError(`S3: ${name}: ${message}`, { cause: error });
  const what = `S3 answers ${name}: ${message.replace(/\.$/, '')}`;
  throw new PixrnnError('input-unreadable', `${what}. Check the credentials, the endpoint and the bucket.`, {
    cause: error,
  });
}
