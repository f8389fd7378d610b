/**
 * Averages training runs that learn side by side, each on its own processor: `npm run average-runs -- DIR DIR …`. Each gets
 * the mean of all, and goes on with its own crops (docs/TRAINING.md). A directory that does not exist becomes a copy of the
 * first with other crops.
 */
import '#pixrnn/node/install.js';
import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadCheckpoint, saveCheckpoint } from '#pixrnn/train/checkpoint.js';
import { meanCheckpoint } from './mean-checkpoint.js';

const fileIn = (run: string): string => join(run, 'checkpoint.safetensors');

const folders = process.argv.slice(2);
const [first, ...others] = folders;
if (first === undefined || others.length === 0) throw new Error('Name the directories of two or more runs.');
const checkpoint = await loadCheckpoint(fileIn(first));
const { random, settings } = checkpoint; // crops follow from the one or, for the photo network, from the seed
for (const [i, folder] of others.entries()) {
  if (existsSync(folder)) continue;
  await cp(first, folder, { recursive: true });
  const seed = (settings.seed ?? 1) + i + 1;
  await saveCheckpoint(fileIn(folder), { ...checkpoint, random: random + i + 1, settings: { ...settings, seed } });
}
const runs = await Promise.all(folders.map((folder) => loadCheckpoint(fileIn(folder))));
for (const [i, run] of runs.entries()) {
  const averaged = meanCheckpoint(run, runs);
  await saveCheckpoint(fileIn(folders[i] as string), averaged);
  console.log(`${folders[i]}: from step ${run.step} to the mean at step ${averaged.step}`);
}
