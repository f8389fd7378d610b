import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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

  /** All files below a folder in this one, and what is in them. */
  contents(below: string): Record<string, Buffer> {
    const entries = readdirSync(this.at(below), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(paths.sort().map((path) => [relative(this.at(below), path), readFileSync(path)]));
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /**
   * Runs `pixrnn` here as a user would; `killWith` is sent `wait` milliseconds after its first message, or after the one
   * that says `killAt`. With `deaf` nobody reads its messages: their pipe is closed. `onMessage` is called at the first one.
   */
  run(
    args: string[],
    options: {
      input?: Uint8Array;
      killWith?: NodeJS.Signals;
      killAt?: string;
      wait?: number;
      deaf?: boolean;
      onMessage?: () => void;
    } = {},
  ): Promise<Run> {
    const script = join(import.meta.dirname, '../../../bin/pixrnn.js');
    const child = spawn(process.execPath, [script, ...args], { cwd: this.path });
    const { killWith, killAt = '', deaf } = options;
    if (deaf) child.stderr.destroy();
    const kill = (message: Buffer): void => {
      if (killWith === undefined || !message.includes(killAt)) return;
      child.stderr.off('data', kill);
      setTimeout(() => child.kill(killWith), options.wait ?? 0);
    };
    child.stderr.on('data', kill);
    if (options.onMessage) child.stderr.once('data', options.onMessage);
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

/** The objects of NDJSON output: of a command with events those that say what a file came to. */
export function jsonLines(output: Buffer): Record<string, unknown>[] {
  return jsonEvents(output).filter(({ event = 'file' }) => event === 'file' || event === 'error');
}

/** All objects of NDJSON output. */
export function jsonEvents(output: Buffer): Record<string, unknown>[] {
  const lines = output.toString().split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
