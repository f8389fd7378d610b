import type { Option } from './command.js';

/** The name of the queue without --queue-name. */
export const DEFAULT_QUEUE_NAME = 'pixrnn';

const queue = {
  group: 'Queue',
  describe: 'Queue of the workers: redis://, rediss:// or postgres:// URL',
  value: 'URL',
  type: 'string',
  requiresArg: true,
  defaultDescription: '$PIXRNN_QUEUE',
} as const satisfies Option;

const queueName = {
  group: 'Queue',
  describe: 'Name of the queue',
  value: 'NAME',
  type: 'string',
  requiresArg: true,
  defaultDescription: DEFAULT_QUEUE_NAME,
} as const satisfies Option;

const detach = {
  group: 'Queue',
  describe: 'Submit the run and exit',
  type: 'boolean',
  default: false,
} as const satisfies Option;

const follow = {
  group: 'Queue',
  describe: 'Follow a run that was submitted before',
  value: 'RUN',
  type: 'string',
  requiresArg: true,
} as const satisfies Option;

/** Options of the commands that use a queue. */
export const queueing = { queue, 'queue-name': queueName } as const;
/** Options of the commands whose files workers may process. */
export const submitting = { ...queueing, detach, follow } as const;

export interface QueueArguments {
  queue: string | undefined;
  'queue-name': string | undefined;
}

export interface SubmittingArguments extends QueueArguments {
  detach: boolean;
  follow: string | undefined;
}

/** Whether workers process the files, not this process. */
export function usesQueue(args: SubmittingArguments): boolean {
  return args.queue !== undefined || args['queue-name'] !== undefined || args.detach || args.follow !== undefined;
}
