import { parseArgs } from 'node:util';
import { TARGETS, type TargetName } from './target.js';

export interface FuzzOptions {
  readonly targets: readonly TargetName[];
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly corpus: string;
}

export const HELP = `Usage: npm run fuzz -- [options]

  --target NAME      ${TARGETS.join(', ')} or all (default all)
  --executions N     Executions of each target in all, those of earlier runs with this corpus included (default 20000)
  --seconds N        Seconds of each target at most
  --seed N           Seed of the mutations, an integer >= 1 (default 1)
  --corpus DIR       Inputs, findings and statistics, kept for later runs (default build/fuzz)

Exit code 1 on a finding.`;

/** @throws Error that names a wrong option */
export function parseOptions(args: string[]): FuzzOptions | 'help' {
  const { values } = parseArgs({
    args,
    options: {
      target: { type: 'string', default: 'all' },
      executions: { type: 'string', default: '20000' },
      seconds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      corpus: { type: 'string', default: 'build/fuzz' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const target = TARGETS.find((name) => name === values.target);
  if (!target && values.target !== 'all') throw new Error(`--target must be ${TARGETS.join(', ')} or all`);
  return {
    targets: target ? [target] : TARGETS,
    executions: integer('executions', values.executions),
    seconds: values.seconds === undefined ? Infinity : integer('seconds', values.seconds),
    seed: integer('seed', values.seed),
    corpus: values.corpus,
  };
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be an integer >= 1`);
  return value;
}
