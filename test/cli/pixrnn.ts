import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Plain } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';

/** What a run of the command line left. */
export interface Run {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: Buffer;
  stderr: string;
}

/** A folder of its own for one test, removed after it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'pixrnn-cli-'));

  constructor(context: TestContext) {
    context.after(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes a file, a raster as PNG. */
  put(name: string, content: Plain | Uint8Array): void {
    writeFileSync(join(this.path, name), content instanceof Uint8Array ? content : pngOf(content));
  }

  /** The names of all files, hidden ones too. */
  list(): string[] {
    return readdirSync(this.path).sort();
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /**
   * Runs `pixrnn` here as a user would; `killWith` is sent at its first message, or at the one that says `killAt`. With
   * `deaf` nobody reads its messages: their pipe is closed.
   */
  run(
    args: string[],
    options: { input?: Uint8Array; killWith?: NodeJS.Signals; killAt?: string; deaf?: boolean } = {},
  ): Promise<Run> {
    const script = join(import.meta.dirname, '../../../bin/pixrnn.js');
    const child = spawn(process.execPath, [script, ...args], { cwd: this.path });
    const { killWith, killAt = '', deaf } = options;
    if (deaf) child.stderr.destroy();
    const kill = (message: Buffer): void => {
      if (killWith === undefined || !message.includes(killAt)) return;
      child.stderr.off('data', kill);
      child.kill(killWith);
    };
    child.stderr.on('data', kill);
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => stdout.push(part));
    child.stderr.on('data', (part: Buffer) => stderr.push(part));
    child.stdin.on('error', () => undefined); // a command that refuses does not read its input
    child.stdin.end(options.input);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
      });
    });
  }
}

/** The objects of NDJSON output. */
export function jsonLines(output: Buffer): Record<string, unknown>[] {
  const lines = output.toString().split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
