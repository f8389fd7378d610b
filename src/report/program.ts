import { spawn } from 'node:child_process';

/** Whether a program is installed; `probe` is the option that prints its version. */
export async function isInstalled(command: string, probe: string): Promise<boolean> {
  return (await runProgram(command, [probe], Buffer.alloc(0))) !== null;
}

/** Runs a program and returns its standard output; null if it is not installed or fails. */
export function runProgram(command: string, args: readonly string[], input: Uint8Array): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    child.on('error', () => resolve(null));
    child.stdin.on('error', () => undefined); // a program that is missing or fails does not read its input
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(parts) : null));
    child.stdin.end(input);
  });
}
