import { shellWord } from '../../node/path-text.js';
import type { JobQueue, QueuedRun } from '../../farm/queue/job-queue.js';
import { printJson } from '../batch.js';
import { formatCount } from '../messages.js';
import type { QueueArguments } from '../queue-options.js';
import { standard } from '../streams.js';
import { withQueue } from './queue-connection.js';

interface ControlArguments extends QueueArguments {
  quiet: boolean;
  json: boolean;
}

/** What a command does before it shows the state of the queue. */
const ACTIONS = {
  status: () => Promise.resolve(),
  pause: (queue: JobQueue) => queue.pause(),
  resume: (queue: JobQueue) => queue.resume(),
  drain: (queue: JobQueue) => queue.drain(),
} as const;

/** `pixrnn queue status|pause|resume|drain`. */
export async function control(action: keyof typeof ACTIONS, args: ControlArguments): Promise<void> {
  await withQueue(args, async (queue, { name }) => {
    await ACTIONS[action](queue);
    const [paused, jobs, workers, runs] = await Promise.all([
      queue.isPaused(),
      queue.counts(),
      queue.workers(),
      queue.allRuns(),
    ]);
    if (args.json) {
      printJson({ queue: name, paused, workers, jobs, runs: runs.map(statusOf) });
    } else if (!args.quiet) {
      const counts = Object.entries(jobs).map(([state, count]) => `${state} ${formatCount(count)}`);
      const lines = [
        `${name}: ${paused ? 'paused' : 'running'}, workers ${formatCount(workers)}; ${counts.join(', ')}`,
        ...runs.map(({ id, submitted, run: { command, source, target } }) => {
          const places = [source, ...(target === null ? [] : [target])].map((place) => shellWord(place)).join(' -> ');
          return `run ${id}  ${dateOf(submitted)}  ${command} ${places}`;
        }),
      ];
      standard.stdout.write(`${lines.join('\n')}\n`);
    }
  });
}

function statusOf({ id, submitted, run }: QueuedRun): object {
  return { run: id, submitted: new Date(submitted).toISOString(), ...run };
}

function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
