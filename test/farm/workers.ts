/*
 * Workers in processes of their own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const PIXRNN = join(import.meta.dirname, '../../../bin/pixrnn.js');

/** A line of a worker's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** A worker. */
export class TestWorker {
  readonly log: LogLine[] = [];
  stderr = '';
  private rest = '';
  private readonly waiting: {
    readonly accepts: (line: LogLine) => boolean;
    readonly resolve: (line: LogLine) => void;
  }[] = [];

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (part: Buffer) => this.receive(part.toString()));
    child.stderr?.on('data', (part: Buffer) => {
      this.stderr += part.toString();
    });
  }

  /** Starts a worker and waits until it takes jobs. The queue is that of the environment. */
  static async start(
    context: Pick<TestContext, 'after'>,
    url: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Promise<TestWorker> {
    const options = ['worker', '--threads', '1', ...args];
    const child = spawn(process.execPath, [PIXRNN, ...options], {
      env: { ...process.env, PIXRNN_QUEUE: url, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new TestWorker(child);
    context.after(() => worker.end('SIGKILL'));
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the worker ended: ${worker.stderr}`);
    });
    ended.catch(() => undefined);
    await Promise.race([worker.logs((line) => line.event === 'started'), ended]);
    return worker;
  }

  /** Waits for a line of the log, which may have been written before. */
  logs(accepts: (line: LogLine) => boolean): Promise<LogLine> {
    const found = this.log.find(accepts);
    return found ? Promise.resolve(found) : new Promise((resolve) => this.waiting.push({ accepts, resolve }));
  }

  /** Sends a signal and returns the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    return child.exitCode;
  }

  private receive(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines.map((one) => JSON.parse(one) as LogLine)) {
      this.log.push(line);
      for (const { accepts, resolve } of this.waiting) if (accepts(line)) resolve(line);
    }
  }
}
