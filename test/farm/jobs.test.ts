import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeName } from '#pixrnn/farm/file-name.js';
import { fileJobId, parseFileJob, runOfId } from '#pixrnn/farm/jobs.js';
import { absoluteLocation, bucketOf, isWithin, requireWithin } from '#pixrnn/farm/locations.js';
import { parseRun, runId, runOf } from '#pixrnn/farm/run.js';
import { failureOf, failureText, isFinal } from '#pixrnn/farm/queue/failures.js';
import { displayUrl, queueUrl, withoutPasswords } from '#pixrnn/farm/queue/queue-url.js';
import { PixrnnError } from '#pixrnn/errors.js';
import { IS_WINDOWS } from '../platform.js';

const USAGE = { name: 'PixrnnError', code: 'usage' };

test('a name never leaves its directory', () => {
  for (const name of ['a', 'a/b.png', '..a', 'a..b/c', '...', 'a b', 'ä\udc80.png']) assert.equal(safeName(name), name);
  for (const name of [
    '',
    '/a',
    'a/',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a//b',
    'a\\b',
    'C:a',
    'c:/a',
    'a\0b',
    'x'.repeat(5000),
  ]) {
    assert.throws(() => safeName(name), USAGE, JSON.stringify(name));
  }
});

test('locations are directories or S3 URLs, inside the roots', () => {
  assert.equal(absoluteLocation('/a/b/../c/'), absoluteLocation('/a/c'));
  assert.match(absoluteLocation('/a/c'), IS_WINDOWS ? /^[A-Z]:\/a\/c$/ : /^\/a\/c$/);
  assert.equal(absoluteLocation('s3://bucket/a/b/'), 's3://bucket/a/b');
  assert.deepEqual(bucketOf('s3://my.bucket'), { bucket: 'my.bucket', prefix: '' });
  assert.equal(bucketOf('/s3/x'), null);
  for (const url of [
    's3://',
    's3://b',
    's3://bucket/../x',
    's3://key:secret@bucket/x',
    'http://host/x',
    's3://bucket/a/./b',
  ]) {
    assert.throws(() => bucketOf(url), USAGE, url);
  }
  for (const [location, root] of [
    ['/a/b', '/a'],
    ['/a', '/a'],
    ['/a', '/'],
    ['s3://bucket/p/q', 's3://bucket/p'],
  ] as const) {
    assert.ok(isWithin(location, root), location);
  }
  for (const [location, root] of [
    ['/ab', '/a'],
    ['/', '/a'],
    ['s3://bucket2', 's3://bucket'],
    ['s3://bucket/pq', 's3://bucket/p'],
  ] as const) {
    assert.ok(!isWithin(location, root), location);
  }
  const [inside, root] = [absoluteLocation('/a/b'), absoluteLocation('/a')];
  requireWithin(inside, [absoluteLocation('/x'), root]);
  for (const location of [`${root}/../b`, `${root}/`, 'a', absoluteLocation('/etc')])
    assert.throws(() => requireWithin(location, [root]), USAGE, location);
});

test('the same command line is the same run, and a changed file is another job', () => {
  const run = runOf('compress', '/in', '/out', { effort: 1, replace: true });
  assert.equal(runId(run), runId(runOf('compress', '/in/', '/out/', { replace: true, effort: 1 })));
  assert.notEqual(runId(run), runId(runOf('compress', '/in', '/out', { effort: 2, replace: true })));
  assert.deepEqual(parseRun(JSON.parse(JSON.stringify(run))), run);
  const job = { run: runId(run), file: 'a/b.png', version: '1-2' };
  assert.equal(fileJobId(job), fileJobId({ ...job }));
  assert.notEqual(fileJobId(job), fileJobId({ ...job, version: '1-3' }));
  assert.equal(runOfId(fileJobId(job)), runId(run));
});

test('malformed runs and jobs are rejected', () => {
  const run = runOf('compress', '/in', '/out', { effort: 1 });
  const changes = [
    { command: 'train' }, { source: 1 }, { target: null }, { formatVersion: '1' }, { options: null }, { options: { effort: 9 } },
    { options: { maxPixels: -1 } }, { options: { model: 'x' } }, { options: { format: 'raw' } }, { options: { other: 1 } },
  ]; // prettier-ignore
  for (const change of changes) assert.throws(() => parseRun({ ...run, ...change }), USAGE, JSON.stringify(change));
  const job = { run: 'r', file: 'a.png', version: '1', output: 'a.prnn' };
  assert.deepEqual(parseFileJob(job), { ...job, shared: false });
  for (const change of [{ file: '../a' }, { output: '/etc/passwd' }, { run: 1 }, { version: null }, { shared: 1 }]) {
    assert.throws(() => parseFileJob({ ...job, ...change }), USAGE, JSON.stringify(change));
  }
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const parse of [parseRun, parseFileJob]) {
        try {
          parse(value);
        } catch (error) {
          assert.ok(error instanceof PixrnnError, String(error));
        }
      }
    }),
  );
});

test('reasons of failures survive the queue; only disks and networks are tried again', () => {
  const error = new PixrnnError('input-unsupported', 'CMYK: not supported. Convert it.');
  assert.deepEqual(failureOf(failureText(error)), { code: 'input-unsupported', message: error.message });
  assert.deepEqual(failureOf(failureText(new Error('EIO: i/o error'))), {
    code: 'internal',
    message: 'EIO: i/o error',
  });
  assert.equal(failureOf('job stalled more than allowable limit').code, 'set-aside');
  assert.deepEqual([error, new PixrnnError('output-failed', ''), new Error('')].map(isFinal), [true, false, false]);
});

test('the URL of a queue comes from an argument, the environment or a file, and never with its password', () => {
  const env = { PIXRNN_QUEUE: 'redis://user:secret@host:1/2' };
  assert.equal(queueUrl(undefined, env).password, 'secret');
  assert.equal(displayUrl(queueUrl(undefined, env)), 'redis://host:1/2');
  assert.equal(queueUrl('rediss://host', env).host, 'host');
  assert.throws(
    () => queueUrl('redis://:secret@host', {}),
    (error: Error) => !error.message.includes('secret'),
  );
  assert.throws(
    () => queueUrl(undefined, { PIXRNN_QUEUE: 'http://:secret@host' }),
    (error: Error) => !error.message.includes('secret'),
  );
  assert.throws(() => queueUrl(undefined, {}), USAGE);
  assert.throws(() => queueUrl(undefined, { PIXRNN_QUEUE_FILE: '/no/such/file' }), USAGE);
  assert.equal(withoutPasswords('at postgres://a:b@c/d and redis://:x@y'), 'at postgres://c/d and redis://y');
});
