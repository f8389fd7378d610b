import { spawn } from 'node:child_process';

/** Whether a program is here: `probe` is what it prints its version with. */
export async function isInstalled(command: string, probe: string): Promise<boolean> {
  return (await runProgram(command, [probe], Buffer.alloc(0))) !== null;
}

/** What a program writes to standard output, or null where it is not here or fails. */
export function runProgram(command: string, args: readonly string[], input: Uint8Array): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    child.on('error', () => resolve(null));
    child.stdin.on('error', () => undefined); // one that is not here or refuses does not read its input
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(parts) : null));
    child.stdin.end(input);
  });
}
