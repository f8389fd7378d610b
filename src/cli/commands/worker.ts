import { defineCommand } from '../command.js';
import { coding } from '../options.js';
import { queueing } from '../queue-options.js';

export const workerCommand = defineCommand({
  name: 'worker',
  describe: 'Process the files of a queue',
  positionals: {},
  options: {
    ...queueing,
    root: {
      group: 'Queue',
      describe: 'Directory or S3 URL that jobs may name; may be given several times',
      value: 'DIR',
      type: 'string',
      array: true,
      requiresArg: true,
      demandOption: true,
    },
    grace: {
      group: 'Queue',
      describe: 'Seconds to finish jobs after SIGTERM; others are queued again',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 20,
    },
    lock: {
      group: 'Queue',
      describe: 'Seconds after which jobs of a lost worker are queued again',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 30,
    },
    'metrics-port': {
      group: 'Queue',
      describe: 'Serve /metrics and /healthz on this port; 0 is any free port',
      value: 'N',
      type: 'number',
      requiresArg: true,
    },
    'metrics-host': {
      group: 'Queue',
      describe: 'Address to serve them on',
      value: 'HOST',
      type: 'string',
      requiresArg: true,
      default: '127.0.0.1',
    },
    model: { ...coding.model, describe: 'Model that jobs may use, besides the shipped ones: a file' },
    threads: coding.threads,
    jobs: {
      group: 'Coding',
      describe: 'Number of files to process at a time',
      value: 'N',
      type: 'number',
      requiresArg: true,
      defaultDescription: 'as many as threads',
    },
    split: {
      group: 'Coding',
      describe: 'Split images from this many megapixels over all workers',
      value: 'N',
      type: 'number',
      requiresArg: true,
      default: 16,
    },
    quiet: { ...coding.quiet, describe: 'Log only errors' },
  },
  examples: [
    ['worker --queue redis://farm:6379 --root /archive', 'Processes files below /archive'],
    ['worker --root /archive --root s3://bucket/photos', 'The queue of PIXRNN_QUEUE'],
    ['worker --root /archive --threads 4 --metrics-port 9464', 'Also serves metrics'],
  ],
  notes: [
    'Start any number of workers, on machines that mount the same directories under the same paths. docs/FARM.md explains the set-up.',
    'The URL of a queue with a password is read from the environment variable PIXRNN_QUEUE, or from the file that PIXRNN_QUEUE_FILE names.',
    'Logs are JSON objects, one per line, on standard output.',
  ],
  run: async (args) => (await import('../actions/worker.js')).runWorker(args),
});
