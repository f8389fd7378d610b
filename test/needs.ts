/*
 * Requirements of tests that a machine may lack. A test without its tool or data is skipped with the reason, never
 * passed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reason to skip, for node:test; false if nothing is missing. */
export type Skip = string | false;

/** Image sets that are too large for the repository. */
export const SHARED_DATA = process.env['PIXRNN_SHARED_DATA'] ?? '../shared/data';

/** Returns why a test that reads a path of the shared data cannot run. */
export function needsData(...path: string[]): Skip {
  const whole = join(SHARED_DATA, ...path);
  return !existsSync(whole) && `${whole} does not exist (PIXRNN_SHARED_DATA names another folder)`;
}

/** Returns why a test that runs a program cannot run. `args` make the program exit at once. */
export function needsProgram(program: string, ...args: string[]): Skip {
  const { error } = spawnSync(program, args, { input: '', timeout: 30_000 });
  return error !== undefined && `${program} is not installed`;
}

/** Python interpreter of tests. */
export const PYTHON = process.env['PIXRNN_PYTHON'] ?? 'python3';

/** Returns why a test that runs Python with packages cannot run. */
export function needsPython(...packages: string[]): Skip {
  const { status, error } = spawnSync(PYTHON, ['-c', `import ${packages.join()}`], { timeout: 60_000 });
  if (error !== undefined) return `${PYTHON} is not installed (PIXRNN_PYTHON names another interpreter)`;
  return status !== 0 && `${PYTHON} cannot import ${packages.join(', ')} (PIXRNN_PYTHON names another interpreter)`;
}

/** Returns why a test that needs a feature of the processor, as named by Linux, cannot run. */
export function needsProcessor(feature: string): Skip {
  const path = '/proc/cpuinfo';
  const isThere = existsSync(path) && readFileSync(path, 'utf8').includes(feature);
  return !isThere && `the processor lacks ${feature}`;
}
