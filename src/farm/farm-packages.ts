import type { Need } from '../node/optional-package.js';

/* Packages that only a queue needs: optional peer dependencies. */

const BULLMQ = { name: 'bullmq', version: '6.7.0' } as const;

/** A queue in Redis or Valkey. */
export const REDIS_QUEUE: Need = {
  packages: [BULLMQ, { name: 'ioredis', version: '6.0.0' }],
  why: 'a queue in Redis or Valkey needs the packages bullmq and ioredis',
  code: 'usage',
};

/** A queue in PostgreSQL. */
export const POSTGRES_QUEUE: Need = {
  packages: [BULLMQ, { name: 'pg', version: '8.23.1' }],
  why: 'a queue in PostgreSQL needs the packages bullmq and pg',
  code: 'usage',
};

/** Sources or results in a bucket. */
export const BUCKETS: Need = {
  packages: [{ name: '@aws-sdk/client-s3', version: '3.1175.0' }],
  why: 'S3 needs the package @aws-sdk/client-s3',
  code: 'usage',
};
