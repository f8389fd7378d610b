/** Runs a target once: `node reproduce.js TARGET FILE`. Prints the error of a finding and exits with code 1. */
import '#pixrnn/node/install.js';
import { readFileSync } from 'node:fs';
import { targetOf } from './target-of.js';

const [target = '', path = ''] = process.argv.slice(2);
process.on('unhandledRejection', report);
try {
  const execute = await targetOf(target);
  const { refusal } = await execute(Uint8Array.from(readFileSync(path)));
  await new Promise((resolve) => setImmediate(resolve));
  console.log(refusal ? `refused: ${refusal.code}: ${refusal.message}` : 'accepted');
} catch (error) {
  report(error);
}

function report(error: unknown): void {
  console.log(error instanceof Error ? error.stack : String(error));
  process.exitCode = 1;
}
