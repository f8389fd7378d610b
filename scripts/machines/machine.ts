/** JavaScript engines of this and of other machines, and programs in them. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A JavaScript engine that is ready to run. */
export interface Machine {
  /** A program and its first arguments. */
  readonly command: readonly [string, ...string[]];
  /** Environment variables that it needs besides those of this process. */
  readonly env: NodeJS.ProcessEnv;
  /** Returns a path of this system as the engine's own system names it. */
  readonly pathOf: (path: string) => string;
}

/** The running Node.js. */
export const THIS_MACHINE: Machine = { command: [process.execPath], env: {}, pathOf: (path) => path };

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program in an engine. Its output goes through files, because Node.js for Windows cannot write to the pipes of another system.
 * @param args paths as `pathOf` returns them
 */
export async function runOn(
  { command: [program, ...first], env }: Machine,
  args: readonly string[],
  { cwd, env: more }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-machine-'));
  const names = ['stdout', 'stderr'].map((name) => join(folder, name));
  const [out, err] = names.map((name) => openSync(name, 'w')) as [number, number];
  try {
    const child = spawn(program, [...first, ...args], {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, ...env, ...more },
      stdio: ['ignore', out, err],
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    const [stdout = '', stderr = ''] = names.map((name) => readFileSync(name, 'utf8').replaceAll('\r\n', '\n'));
    return { code, stdout, stderr };
  } finally {
    closeSync(out);
    closeSync(err);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program that must succeed and returns what it prints. */
export async function outputOn(...given: Parameters<typeof runOn>): Promise<string> {
  const { code, stdout, stderr } = await runOn(...given);
  if (code !== 0) throw new Error(`exit code ${code}: ${(stderr || stdout).trim().slice(-2000)}`);
  return stdout;
}
