import '#pixrnn/node/install.js';
import { parseArgs } from 'node:util';
import { chaos } from '../test/farm/chaos.js';
import { withCleanup } from './cleanup.js';
import { measureFiles } from './farm-files.js';
import { measureQueue } from './farm-queue.js';
import { countOption, runMain } from './options.js';

const HELP = `Measures runs on a queue, with servers and workers on this machine. Run from the root of the repository.

npm run bench:farm -- [options]
  --chaos          a run that is disturbed at random, compared with an undisturbed one
  --jobs N         the queue itself: N jobs that do nothing
                   without these: small images and a large one, compared with one process
  --images N       number of images (400; 260 with --chaos)
  --large N        size of the large image, in megapixels (50)
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
      jobs: { type: 'string' },
      large: { type: 'string' },
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
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  const side = countOption('side', values.side, 48);
  const workers = countOption('workers', values.workers, 4);
  await withCleanup((context) => {
    if (values.jobs !== undefined) return measureQueue(context, server, countOption('jobs', values.jobs, 1), print);
    if (!values.chaos) {
      const [images, megapixels] = [countOption('images', values.images, 400), countOption('large', values.large, 50)];
      return measureFiles(context, { program: server, images, side, megapixels, workers, print });
    }
    const images = countOption('images', values.images, 260);
    const disturbances = countOption('kills', values.kills, 20);
    const seed = countOption('seed', values.seed, 1);
    return chaos(context, { program: server, images, side, disturbances, workers, seed, print });
  });
}

await runMain(main);
