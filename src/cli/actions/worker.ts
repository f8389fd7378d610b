import { FORMAT_VERSION } from '../../codec/container.js';
import { FarmWorker } from '../../farm/worker.js';
import { type HealthServer, serveHealth } from '../../farm/health-server.js';
import { absoluteLocation } from '../../farm/locations.js';
import { jsonLog } from '../../farm/log.js';
import { WorkerMetrics } from '../../farm/metrics.js';
import { displayUrl } from '../../farm/queue/queue-url.js';
import { PixrnnError } from '../../errors.js';
import { ReportedFailure } from '../batch.js';
import { SIGNAL_EXIT } from '../exit-codes.js';
import { modelOf } from '../model-argument.js';
import type { QueueArguments } from '../queue-options.js';
import { stopGracefully } from '../signals.js';
import { standard } from '../streams.js';
import { namedQueue } from './queue-connection.js';

interface WorkerArguments extends QueueArguments {
  root: string[];
  grace: number;
  lock: number;
  'metrics-port': number | undefined;
  'metrics-host': string;
  model: string | undefined;
  threads: number;
  jobs: number | undefined;
  split: number;
  quiet: boolean;
}

/** `pixrnn worker`. Runs until a signal; SIGTERM, with which service managers stop it, is success. */
export async function runWorker(args: WorkerArguments): Promise<void> {
  checkRange('grace', args.grace, 0, 86_400);
  checkRange('lock', args.lock, 1, 3600);
  checkRange('split', args.split, 0, 1e6);
  const { 'metrics-port': port, 'metrics-host': host } = args;
  if (port !== undefined) checkRange('metrics-port', port, 0, 65_535);
  const { url, name } = namedQueue(args);
  const model = await modelOf(args);
  const log = jsonLog((line) => standard.stdout.write(line), args.quiet);
  const metrics = new WorkerMetrics();
  const roots = args.root.map(absoluteLocation);
  let isHealthy = true;
  const server: HealthServer | null =
    port === undefined
      ? null
      : await serveHealth({ host, port }, { metrics: () => metrics.text(), isHealthy: () => isHealthy });
  try {
    const stopped = new Promise<number>((resolve) => {
      stopGracefully(resolve);
    });
    const worker = await FarmWorker.start({
      ...{
        url,
        queueName: name,
        formatVersion: FORMAT_VERSION,
        roots,
        threads: args.threads,
        jobs: args.jobs ?? args.threads,
      },
      ...{ lockSeconds: args.lock, models: model ? [model] : [], splitPixels: 1e6 * args.split, log, metrics },
    });
    log('started', { queue: displayUrl(url), name, roots, threads: args.threads, metricsPort: server?.port ?? null });
    const exitCode = await stopped;
    isHealthy = false;
    log('stopping', { graceSeconds: args.grace });
    await worker.stop(args.grace);
    log('stopped', {});
    if (exitCode !== SIGNAL_EXIT.SIGTERM) throw new ReportedFailure(exitCode);
  } finally {
    server?.close();
  }
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new PixrnnError('usage', `--${name} must be an integer from ${min} to ${max}.`);
}
