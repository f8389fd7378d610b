import '#pixrnn/node/install.js';
import { parseArgs } from 'node:util';
import { chaos } from '../test/farm/chaos.js';
import { withCleanup } from './cleanup.js';
import { measureFiles } from './farm-files.js';
import { measureNames } from './farm-names.js';
import { measureQueue } from './farm-queue.js';
import { countOption, runMain } from './options.js';

const HELP = `Measures runs on a queue, with servers and workers on this machine. Run from the root of the repository.

npm run bench:farm -- [options]
  --chaos          a run that is disturbed at random, compared with an undisturbed one
  --jobs N         the queue itself: N jobs that do nothing
  --names N        memory of the commands that submit and follow runs of 10,000 and of N files, which nothing codes
                   without these: small images and a large one, compared with one process
  --source DIR     photographs instead of drawn images, the large one made of them; may be given several times
  --bucket         with --chaos: the results are in a bucket of S3, not on a small disk
  --images N       number of images (400; 200 with --chaos)
  --large N        size of the large image, in megapixels (50)
  --side N         width and height of each, in pixels (48; 224 with --chaos)
  --kills N        number of disturbances (20)
  --workers N      number of workers of one thread (4)
  --seed N         random seed (1)
  --server NAME    valkey-server or redis-server, or postgres with --chaos (valkey-server)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      chaos: { type: 'boolean', default: false },
      bucket: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      names: { type: 'string' },
      source: { type: 'string', multiple: true, default: [] },
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
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);
  const workers = countOption('workers', values.workers, 4);
  await withCleanup(async (context) => {
    if (values.chaos) {
      const program = programOf(server, ['valkey-server', 'redis-server', 'postgres']);
      const [images, side] = [countOption('images', values.images, 200), countOption('side', values.side, 224)];
      const disturbances = countOption('kills', values.kills, 20);
      const seed = countOption('seed', values.seed, 1);
      const toBucket = values.bucket;
      const done = await chaos(context, { program, toBucket, images, side, disturbances, workers, seed, print });
      if (done === disturbances) return;
      throw new Error(`the run ended after ${done} of ${disturbances} disturbances. Use larger images: --side.`);
    }
    const program = programOf(server, ['valkey-server', 'redis-server']);
    if (values.jobs !== undefined) return measureQueue(context, program, countOption('jobs', values.jobs, 1), print);
    if (values.names !== undefined) return measureNames(context, program, countOption('names', values.names, 1), print);
    const [images, megapixels] = [countOption('images', values.images, 400), countOption('large', values.large, 50)];
    const [sources, side] = [values.source, countOption('side', values.side, 48)];
    return measureFiles(context, { program, images, sources, side, megapixels, workers, print });
  });
}

function programOf<T extends string>(name: string, programs: readonly T[]): T {
  const found = programs.find((program) => program === name);
  if (found === undefined) throw new Error(`--server is ${programs.join(' or ')} here.`);
  return found;
}

await runMain(main);
