import { cpus } from 'node:os';
import { idText } from '#pixrnn/model/model.js';
import { modelFor } from '#pixrnn/model/registry.js';
import { VERSIONS } from './codec.js';
import { run } from './measured-run.js';

/** Everything that must match for rows to share a table. */
export interface Environment {
  cpu: string;
  node: string;
  /** Name and id of pixrnn's default model for RGB. */
  model: string;
  /** First line of each program's version output. */
  versions: Record<string, string>;
}

export async function readEnvironment(): Promise<Environment> {
  const model = await modelFor(3);
  const versions: Record<string, string> = {};
  for (const [name, [program = '', ...args]] of Object.entries(VERSIONS)) {
    versions[name] = ((await run(program, args)).split('\n')[0] ?? '').replace(/^cjxl /, '');
  }
  return {
    cpu: cpuModel(),
    node: process.version,
    model: `${model.name ?? 'unnamed'} ${idText(model.id)}`,
    versions,
  };
}

export function cpuModel(): string {
  return cpus()[0]?.model.trim() ?? 'unknown';
}

/** Returns the commit of the working tree, with "-dirty" appended if files differ from it. */
export async function gitCommit(): Promise<string> {
  const args = ['--no-optional-locks', 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
  return (await run('git', args).catch(() => 'unknown')).trim();
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
