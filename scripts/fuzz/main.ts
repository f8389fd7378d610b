/** `npm run fuzz`: coverage-guided fuzzing of the decoder and of the readers (docs/FUZZING.md). */
import '#pixrnn/node/install.js';
import { fuzzTarget, LIMITS } from './fuzz.js';
import { HELP, parseOptions } from './options.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') console.log(HELP);
  else {
    const { targets, executions, seconds, seed, corpus } = options;
    for (const target of targets) {
      if (await fuzzTarget(target, corpus, { executions, seconds, ...LIMITS }, seed)) process.exitCode = 1;
    }
  }
} catch (error) {
  process.stderr.write(`fuzz: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
