/*
 * The files of deploy/: they parse, and the options that they name exist.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { COMMANDS } from '#pixrnn/cli/commands.js';
import { needsProgram } from '../needs.js';

const DEPLOY = join(import.meta.dirname, '../../../deploy');
const PACKAGES = (JSON.parse(readFileSync(join(DEPLOY, '../package.json'), 'utf8')) as Manifest).devDependencies;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function textOf(name: string): string {
  return readFileSync(join(DEPLOY, name), 'utf8');
}

/** Requires that a command line names a command and options that exist. */
function requireCommand([name = '', ...args]: readonly string[]): void {
  const command = COMMANDS.find((one) => one.name === name);
  assert.ok(command, name);
  const options = args.filter((arg) => arg.startsWith('-'));
  assert.ok(options.length > 0, args.join(' '));
  const known = Object.entries(command.options).flatMap(([option, { alias = [] }]) => [
    `--${option}`,
    ...[alias].flat().map((letter) => `-${letter}`),
  ]);
  for (const option of options) assert.ok(known.includes(option), `${name} ${option}`);
}

/** Returns the command lines of pixrnn in comments: what follows `word`. */
function commandsIn(text: string, word: RegExp): string[][] {
  return [...text.matchAll(word)].map(([, args = '']) => args.trim().split(/\s+/));
}

test('compose.yaml starts a server that keeps its jobs, and workers', () => {
  const text = textOf('compose.yaml');
  const { services } = parse(text) as {
    services: Record<'queue' | 'worker', { command: string; environment?: object; deploy?: { replicas: number } }>;
  };
  assert.match(services.queue.command, /^valkey-server --appendonly yes .*--maxmemory-policy noeviction$/);
  requireCommand(services.worker.command.split(' '));
  assert.deepEqual(services.worker.environment, { PIXRNN_QUEUE: 'redis://queue:6379' });
  assert.equal(services.worker.deploy?.replicas, 2);
  const [compress = [], ...others] = commandsIn(text, /^# .* worker (compress .*)$/gm);
  requireCommand(compress);
  assert.deepEqual(others, []);
});

test('kubernetes.yaml scales workers with the lists of BullMQ', () => {
  const documents = parseAllDocuments(textOf('kubernetes.yaml'));
  assert.deepEqual(
    documents.flatMap((document) => [...(document.errors ?? []), ...(document.warnings ?? [])]),
    [],
  );
  const [deployment, login, scaled] = documents.map((document) => document.toJS() as Kubernetes);
  assert.deepEqual(
    [deployment?.kind, login?.kind, scaled?.kind],
    ['Deployment', 'TriggerAuthentication', 'ScaledObject'],
  );
  const { spec } = deployment?.spec.template ?? assert.fail('no template');
  const [container = assert.fail('no container')] = spec.containers;
  requireCommand(container.args);
  const grace = Number(container.args[container.args.indexOf('--grace') + 1]);
  assert.ok(grace < spec.terminationGracePeriodSeconds);
  assert.equal(scaled?.spec.scaleTargetRef?.name, deployment?.metadata.name);
  const lists = scaled?.spec.triggers?.map(({ metadata }) => metadata.listName);
  assert.deepEqual(lists, ['pixrnn:pixrnn:wait', 'pixrnn:pixrnn:active']);
});

interface Kubernetes {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template?: {
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly { readonly args: readonly string[] }[];
      };
    };
    readonly scaleTargetRef?: { readonly name: string };
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[];
  };
}

test('the Dockerfile starts a worker, with the packages that are tested', () => {
  const text = textOf('Dockerfile');
  const [command = assert.fail('no CMD')] = [...text.matchAll(/^CMD (\[.*\])$/gm)].map(([, json = '']) => json);
  requireCommand(JSON.parse(command) as string[]);
  assert.match(text, /^USER node$/m);
  assert.equal(text.match(/^FROM /gm)?.length, 2);
  const installed = [...text.matchAll(/ (@?[\w/-]+)@(\d+\.\d+\.\d+)/g)].map(([, name = '', version]) => [
    name,
    version,
  ]);
  assert.equal(installed.length, 3);
  for (const [name = '', version] of installed) assert.equal(PACKAGES[name], version, name);
});

test('the dashboard needs the same packages', () => {
  const { dependencies } = JSON.parse(textOf('bull-board/package.json')) as Manifest;
  for (const name of ['bullmq', 'ioredis']) assert.equal(dependencies[name], PACKAGES[name], name);
  const imported = [...textOf('bull-board/server.js').matchAll(/from '((?:@[\w-]+\/)?[\w-]+)/g)].map(
    ([, name]) => name,
  );
  assert.deepEqual(
    imported.filter((name) => !((name ?? '') in dependencies)),
    [],
  );
  const { status, stderr } = spawnSync(process.execPath, ['--check', join(DEPLOY, 'bull-board/server.js')]);
  assert.equal(status, 0, stderr.toString());
});

test('the unit of systemd starts a worker', () => {
  const text = textOf('pixrnn-worker.service');
  const [line = [], ...others] = commandsIn(text, /^ExecStart=\/usr\/bin\/env pixrnn (.*)$/gm);
  assert.deepEqual(others, []);
  requireCommand(line);
  const stop = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]);
  assert.ok(Number(line[line.indexOf('--grace') + 1]) < stop);
});

const skip = needsProgram('systemd-analyze', '--version');

test('systemd accepts the unit', { skip }, () => {
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(DEPLOY, 'pixrnn-worker.service')]);
  assert.equal(stderr.toString(), '');
  assert.equal(status, 0);
});
