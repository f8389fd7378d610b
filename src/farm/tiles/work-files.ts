import { tileCount } from '../../codec/tile-grid.js';
import { PixrnnError } from '../../errors.js';
import { fileJobId, type FileJob } from '../jobs.js';
import { type Storage, StorageError, WORK_FOLDER } from '../storage.js';
import { parsePlan } from './tile-plan.js';

/** The names of the files below a target that the jobs of one image share. */
export interface WorkNames {
  readonly plan: string;
  readonly envelope: string;
  readonly band: (index: number) => string;
  readonly part: (index: number) => string;
}

type Identity = Pick<FileJob, 'run' | 'file' | 'version'>;

export function workNames(job: Identity): WorkNames {
  const folder = `${WORK_FOLDER}/${fileJobId(job)}`;
  return {
    plan: `${folder}/plan.json`,
    envelope: `${folder}/envelope`,
    band: (index) => `${folder}/band-${index}`,
    part: (index) => `${folder}/part-${index}`,
  };
}

/**
 * Reads a file of the work on an image.
 * @throws StorageError if it is gone: another worker, which was thought dead, has finished the image. The next attempt finds its result.
 */
export async function readWork(target: Storage, name: string): Promise<Uint8Array> {
  try {
    return (await target.read(name)).bytes;
  } catch (error) {
    if (error instanceof PixrnnError && error.code === 'input-unreadable') {
      throw new StorageError('the image was finished by another worker', { cause: error });
    }
    throw error;
  }
}

/** Removes the files of the work on an image: the plan last, so that an interrupted removal is continued. */
export async function removeWork(
  target: Storage,
  { plan, envelope, band, part }: WorkNames,
  tiles: number,
): Promise<void> {
  for (let i = 0; i < tiles; i++) {
    await target.remove(band(i));
    await target.remove(part(i));
  }
  await target.remove(envelope);
  await target.remove(plan);
}

/** Removes the files of an image that was finished, if its worker died before it removed them. */
export async function removePlanned(target: Storage, job: Identity): Promise<void> {
  const names = workNames(job);
  if (!(await target.find(names.plan))) return;
  const { width, height } = parsePlan(await readWork(target, names.plan));
  await removeWork(target, names, tileCount(width, height));
}
