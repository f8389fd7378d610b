import { access, appendFile, constants, mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { shellWord, slashed } from '../node/path-text.js';
import { writeFileThrough } from '../node/write-atomically.js';
import { PixrnnError } from '../errors.js';
import { type Model, encodeModel } from '../model/model.js';
import { loadModel } from '../node/model-file.js';
import { type CurvePoint, curveSvg } from './curve.js';

/** The files of a run, by name in its directory. */
const RUN_FILES = {
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  log: 'log.ndjson',
  curve: 'curve.svg',
} as const;

/** The directory of a run. Methods that write throw `output-failed`. */
export class RunFolder {
  constructor(readonly path: string) {}

  /** Returns the path of a file. */
  file(name: keyof typeof RUN_FILES): string {
    return slashed(join(this.path, RUN_FILES[name]));
  }

  async create(): Promise<void> {
    await orOutputFailed(this.path, mkdir(this.path, { recursive: true }));
  }

  async saveModel(model: Model): Promise<void> {
    await writeRunFile(this.file('model'), encodeModel(model));
  }

  /** Returns the stored model; null if there is none or it cannot be read. */
  async storedModel(): Promise<Model | null> {
    return loadModel(this.file('model')).catch(() => null);
  }

  /** Creates an empty log. */
  async startLog(): Promise<void> {
    await orOutputFailed(this.file('log'), writeFile(this.file('log'), ''));
  }

  async log(point: CurvePoint): Promise<void> {
    await orOutputFailed(this.file('log'), appendFile(this.file('log'), `${JSON.stringify(point)}\n`));
  }

  async drawCurve(): Promise<void> {
    await writeRunFile(this.file('curve'), await curveSvg(this.file('log')));
  }
}

/** Throws `output-failed` if a directory cannot be created or written to. Creates nothing. */
export async function checkRunFolder(path: string): Promise<void> {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) throw new Error(`${shellWord(at)} is a file`);
      return await access(at, constants.W_OK | constants.X_OK);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      // A missing directory can be created if its parent can.
      if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(at) !== at) continue;
      throw cannotWrite(`the run directory ${shellWord(path)}`, cause, 'Name another one with --out.');
    }
  }
}

/**
 * Writes a file of a run: a killed run leaves the previous version intact.
 * @throws PixrnnError 'output-failed'
 */
export async function writeRunFile(path: string, content: Uint8Array | string): Promise<void> {
  await orOutputFailed(path, writeFileThrough(`${path}.tmp`, path, content));
}

async function orOutputFailed(path: string, writing: Promise<unknown>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    throw cannotWrite(shellWord(path), cause, 'Check the permissions and the free space.');
  }
}

function cannotWrite(what: string, cause: unknown, advice: string): PixrnnError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PixrnnError('output-failed', `${what} cannot be written (${why}). ${advice}`, { cause });
}
