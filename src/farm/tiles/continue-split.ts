import { assembleFile } from '../../codec/assemble-file.js';
import type { TileChunk } from '../../codec/container.js';
import { modelsOfShape } from '../../codec/models.js';
import { tileCount } from '../../codec/tile-grid.js';
import type { Coded, FileWork, MissingTiles } from '../file-work.js';
import type { Storage } from '../storage.js';
import { writeResult } from '../write-result.js';
import { type Envelope, parseEnvelope } from './envelope.js';
import { parseTileFile } from './tile-file.js';
import { activeAlphabetOf, parsePlan, type TilePlan } from './tile-plan.js';
import { readWork, removeWork, type WorkNames, workNames } from './work-files.js';

/**
 * Continues with an image that was split: returns the tiles that are not coded yet; once all are coded, assembles and writes the file, which has
 * the bytes that one process writes. Returns null for an image that was not split, or whose files are incomplete.
 */
export async function continueSplit(work: FileWork, target: Storage): Promise<Coded | MissingTiles | null> {
  const names = workNames(work.job);
  const has = async (name: string): Promise<boolean> => (await target.find(name)) !== null;
  if (!(await has(names.plan)) || !(await has(names.envelope))) return null;
  const plan = parsePlan(await readWork(target, names.plan));
  const envelope = parseEnvelope(await readWork(target, names.envelope));
  if (!envelope) return null;
  const missing: number[] = [];
  for (let index = 0; index < tileCount(plan.width, plan.height); index++) {
    if (await has(names.part(index))) continue;
    if (!(await has(names.band(index)))) return null;
    missing.push(index);
  }
  if (missing.length > 0) return { tiles: missing };
  const coded = await readTiles(target, names, envelope);
  if ('damaged' in coded) {
    await target.remove(names.part(coded.damaged));
    return { tiles: [coded.damaged] };
  }
  const written = await writeResult(work, work.job.output, await assembled(work, plan, envelope, coded.tiles), plan);
  await removeWork(target, names, envelope.bands.length);
  return { ...written, pixels: 0 }; // its tiles have counted them
}

/** Reads the tiles, or returns the first one that is damaged, or of other samples. */
async function readTiles(
  target: Storage,
  names: WorkNames,
  { bands }: Envelope,
): Promise<{ readonly tiles: TileChunk[] } | { readonly damaged: number }> {
  const tiles: TileChunk[] = [];
  for (const [index, digest] of bands.entries()) {
    const file = parseTileFile(await readWork(target, names.part(index)));
    if (file?.samplesDigest !== digest) return { damaged: index };
    tiles.push(file.chunk);
  }
  return { tiles };
}

async function assembled(
  { file, run, model }: FileWork,
  plan: TilePlan,
  { metadata, digest, restoration, source }: Envelope,
  tiles: readonly TileChunk[],
): Promise<Uint8Array> {
  const payload = activeAlphabetOf(plan);
  const coding = {
    ...{ models: await modelsOfShape(plan, model, plan.effort), effort: plan.effort },
    activeAlphabet: payload && { payload },
  };
  return assembleFile({ shape: plan, metadata, digest }, tiles, coding, {
    source: source && { ...source, bytes: file.bytes },
    ...{ restoration, exactness: run.options.exactness ?? 'auto', parity: run.options.parity },
  });
}
