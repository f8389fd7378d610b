import '#pixrnn/node/install.js';
import { parseArgs } from 'node:util';
import { chaos } from '../test/farm/chaos.js';
import { countOption, runMain } from './options.js';

const HELP = `Measures runs on a queue, with servers and workers on this machine. Run from the root of the repository.

npm run bench:farm -- [options]
  --chaos          a run that is disturbed at random, compared with an undisturbed one
  --images N       number of images (200)
  --side N         width and height of each, in pixels (48)
  --kills N        number of disturbances (20)
  --workers N      number of workers of one thread (4)
  --seed N         random seed (1)
  --server NAME    valkey-server or redis-server (valkey-server)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      chaos: { type: 'boolean', default: false },
      images: { type: 'string' },
      side: { type: 'string' },
      kills: { type: 'string' },
      workers: { type: 'string' },
      seed: { type: 'string' },
      server: { type: 'string', default: 'valkey-server' },
      help: { type: 'boolean', default: false },
    },
  });
  const { server } = values;
  if (server !== 'valkey-server' && server !== 'redis-server')
    throw new Error('--server is valkey-server or redis-server.');
  if (values.help || !values.chaos) {
    process.stdout.write(HELP);
    return;
  }
  await withCleanup((context) =>
    chaos(context, {
      program: server,
      images: countOption('images', values.images, 200),
      side: countOption('side', values.side, 48),
      disturbances: countOption('kills', values.kills, 20),
      workers: countOption('workers', values.workers, 4),
      seed: countOption('seed', values.seed, 1),
      print: (line) => process.stdout.write(`${line}\n`),
    }),
  );
}

type Cleanup = () => void | Promise<void>;

/** Runs a task, and then what it registered, as a test does. */
async function withCleanup(task: (context: { after: (run: Cleanup) => void }) => Promise<void>): Promise<void> {
  const after: Cleanup[] = [];
  try {
    await task({ after: (run) => after.push(run) });
  } finally {
    for (const run of after) await run();
  }
}

await runMain(main);
