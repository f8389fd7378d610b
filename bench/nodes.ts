import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { nodeEngine, versionOf } from '../scripts/machines/engines.js';
import { THIS_MACHINE } from '../scripts/machines/machine.js';
import { SHARED_DATA } from '../test/needs.js';
import { cpuModel, today } from './environment.js';
import { markdownTable } from './markdown.js';
import { type Cost, requirePrograms, runMeasured } from './measured-run.js';
import { countOption, runMain } from './options.js';
import { median } from './statistics.js';
import { temporaryFolder } from './temporary-folder.js';

const HELP = `Measures start-up and coding at effort 1 in several versions of Node.js, one thread on one core, in turns.

npm run bench:nodes -- [options] [IMAGE]
  --repeats N   runs of each command; the median counts (5)
`;

const MAJORS = ['20', '22', '24', '26'] as const;
const PROGRAM = fileURLToPath(new URL('../../bin/pixrnn.js', import.meta.url));

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { repeats: { type: 'string' }, help: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  await requirePrograms({});
  const repeats = countOption('repeats', values.repeats, 5);
  const [image = join(SHARED_DATA, 'kodak', 'kodim05.png')] = positionals;
  const folder = temporaryFolder();
  const coded = join(folder, 'coded.prnn');
  const coding = ['--threads', '1', '-q', '--force'];
  const commands: Readonly<Record<string, readonly string[]>> = {
    'pixrnn --version': ['--version'],
    'compress -e1': ['compress', image, '-e1', '--pixels', '--no-origin', '--no-verify', ...coding, '-o', coded],
    decompress: ['decompress', coded, ...coding, '-o', join(folder, 'back.png')],
  };
  const nodes = MAJORS.map((major) => {
    const isRunning = process.versions.node.startsWith(`${major}.`);
    const machine = isRunning ? THIS_MACHINE : nodeEngine(`Node ${major}`, major).machine();
    if (typeof machine === 'string') throw new Error(machine);
    return machine;
  });
  const costs = nodes.map(() => Object.keys(commands).map((): Cost[] => []));
  for (let i = -1; i < repeats; i++) {
    for (const [n, { command }] of nodes.entries()) {
      for (const [c, args] of Object.values(commands).entries()) {
        const cost = await runMeasured([...command, PROGRAM, ...args], '0', folder);
        if (i >= 0) costs[n]![c]!.push(cost); // the first run fills the caches
      }
    }
    process.stderr.write(`run ${i + 1} of ${repeats}\n`);
  }
  const rows = await Promise.all(
    nodes.map(async (machine, n) => [
      await versionOf(machine),
      ...costs[n]!.map((runs) => `${median(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2)} s`),
      `${Math.round(Math.max(...costs[n]!.flat().map(({ peakBytes }) => peakBytes)) / 2 ** 20)} MB`,
    ]),
  );
  process.stdout.write(`${image}: CPU time, median of ${repeats} runs; ${cpuModel()}, ${today()}\n\n`);
  process.stdout.write(markdownTable(['Node.js', ...Object.keys(commands), 'peak memory'], rows));
}

await runMain(main);
