import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { main } from '#pixrnn/cli/main.js';
import { slashed } from '#pixrnn/node/path-text.js';
import type { Plain } from '../../fixtures/draw.js';
import { pngOf } from '../../fixtures/png.js';

/** The result of a command line. */
export interface Run {
  code: number | null;
  stdout: Buffer;
  /** Messages, with `/` in paths, also on Windows. */
  stderr: string;
}

/** The result of a process, which a signal may have ended. */
export interface ProcessRun extends Run {
  signal: NodeJS.Signals | null;
}

/** Records its input. */
class Collector extends Writable {
  private readonly parts: Buffer[] = [];

  override _write(part: Buffer, _: string, done: () => void): void {
    this.parts.push(part);
    done();
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

let lastRun: Promise<unknown> = Promise.resolve();

/** A temporary folder for one test, removed after it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'pixrnn-cli-'));

  constructor(context: TestContext) {
    context.after(() => rmSync(this.path, { recursive: true, force: true, maxRetries: 5 }));
  }

  /** Writes a file; a raster as PNG. */
  put(name: string, content: Plain | Uint8Array): void {
    writeFileSync(join(this.path, name), content instanceof Uint8Array ? content : pngOf(content));
  }

  /** Returns the names of all files, including hidden ones. */
  list(): string[] {
    return readdirSync(this.path).sort();
  }

  /** Returns the contents of all files below a subfolder, under names with `/`. Does not follow links. */
  contents(below: string): Record<string, Buffer> {
    const files: Record<string, Buffer> = {};
    const add = (folder: string): void => {
      const entries = readdirSync(this.at(join(below, folder)), { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const name = folder + entry.name;
        if (entry.isDirectory()) add(`${name}/`);
        else if (entry.isFile()) files[name] = readFileSync(this.at(join(below, name)));
      }
    };
    add('');
    return files;
  }

  at(name: string): string {
    return join(this.path, name);
  }

  /**
   * Runs `main` in this process and returns what a command prints, writes and returns. `input` is its standard input.
   * Calls wait for each other, because a process has only one working directory.
   */
  run(args: string[], { input = new Uint8Array(0) }: { input?: Uint8Array } = {}): Promise<Run> {
    const inFolder = async (): Promise<Run> => {
      const before = process.cwd();
      process.chdir(this.path);
      const [stdout, stderr] = [new Collector(), new Collector()];
      try {
        const code = await main(args, { stdin: Readable.from([input]), stdout, stderr });
        return { code, stdout: stdout.bytes(), stderr: slashed(stderr.bytes().toString()) };
      } finally {
        process.chdir(before);
      }
    };
    const result = lastRun.then(inFolder);
    lastRun = result.catch(() => undefined);
    return result;
  }

  /**
   * Runs `pixrnn` in a process of its own, for signals, closed pipes and the program in bin/. Sends `killWith` `wait`
   * milliseconds after the first message, or after the one that contains `killAt`. With `closeMessages`, the pipe of its
   * messages is closed. Calls `onMessage` at the first message.
   */
  spawn(
    args: string[],
    options: {
      input?: Uint8Array;
      killWith?: NodeJS.Signals;
      killAt?: string;
      wait?: number;
      closeMessages?: boolean;
      onMessage?: () => void;
    } = {},
  ): Promise<ProcessRun> {
    const script = join(import.meta.dirname, '../../../bin/pixrnn.js');
    const child = spawn(process.execPath, [script, ...args], { cwd: this.path });
    const { killWith, killAt = '', closeMessages } = options;
    if (closeMessages) child.stderr.destroy();
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
    child.stdin.on('error', () => undefined); // a command that fails early does not read its input
    child.stdin.end(options.input);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: slashed(Buffer.concat(stderr).toString()) });
      });
    });
  }
}

/** Parses NDJSON output; of a command with events, returns the results of files. */
export function jsonLines(output: Buffer): Record<string, unknown>[] {
  return jsonEvents(output).filter(({ event = 'file' }) => event === 'file' || event === 'error');
}

/** Parses NDJSON output; returns all objects. */
export function jsonEvents(output: Buffer): Record<string, unknown>[] {
  const lines = output.toString().split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
