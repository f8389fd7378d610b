import { access, appendFile, constants, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PixrnnError } from '../errors.js';
import { type Model, encodeModel } from '../model/model.js';
import { loadModel } from '../node/model-file.js';
import { type CurvePoint, curveSvg } from './curve.js';

/** What a run leaves, by its name in the run's folder. */
const RUN_FILES = {
  checkpoint: 'checkpoint.safetensors',
  model: 'model.safetensors',
  log: 'log.ndjson',
  curve: 'curve.svg',
} as const;

/** The files of a run. Everything that writes throws `output-failed` where it cannot. */
export class RunFolder {
  constructor(readonly path: string) {}

  file(name: keyof typeof RUN_FILES): string {
    return join(this.path, RUN_FILES[name]);
  }

  async create(): Promise<void> {
    await orOutputFailed(this.path, mkdir(this.path, { recursive: true }));
  }

  async saveModel(model: Model): Promise<void> {
    await writeWhole(this.file('model'), encodeModel(model));
  }

  /** The model that is there, or null where there is none that can be read. */
  async storedModel(): Promise<Model | null> {
    return loadModel(this.file('model')).catch(() => null);
  }

  /** Empties the log. */
  async startLog(): Promise<void> {
    await orOutputFailed(this.file('log'), writeFile(this.file('log'), ''));
  }

  async log(point: CurvePoint): Promise<void> {
    await orOutputFailed(this.file('log'), appendFile(this.file('log'), `${JSON.stringify(point)}\n`));
  }

  async drawCurve(): Promise<void> {
    await writeWhole(this.file('curve'), await curveSvg(this.file('log')));
  }
}

/** Refuses a folder that cannot be made or written in, and makes nothing. Throws `output-failed`. */
export async function checkRunFolder(path: string): Promise<void> {
  for (let at = resolve(path); ; at = dirname(at)) {
    try {
      if (!(await stat(at)).isDirectory()) throw new Error(`${at} is a file`);
      return await access(at, constants.W_OK | constants.X_OK);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      // What is not there will be made, if the folder above it can be.
      if ((code === 'ENOENT' || code === 'ENOTDIR') && dirname(at) !== at) continue;
      throw cannotWrite(`the run's folder ${path}`, cause, 'Name another --out.');
    }
  }
}

/** Writes to a temporary name first: a run that is killed leaves the last whole file. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = `${path}.tmp`;
  const write = async (): Promise<void> => {
    try {
      await writeFile(temporary, content);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined); // what matters is why it failed
      throw error;
    }
  };
  await orOutputFailed(path, write());
}

async function orOutputFailed(path: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    throw cannotWrite(path, cause, 'Check the folder and the space left.');
  }
}

function cannotWrite(what: string, cause: unknown, mend: string): PixrnnError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PixrnnError('output-failed', `${what} cannot be written (${why}). ${mend}`, { cause });
}
