import { parseJpeg } from '#pixrnn/jpeg/parse-jpeg.js';
import fc from 'fast-check';
import { drawnImage } from './drawn-pixels.js';
import { mutated, type Outcomes, type Random, tryFile, tryRecord } from './mutations.js';
import { MAX_PIXELS } from './rebuild.js';
import { sampleFiles } from './sample-files.js';
import { chooser, syntheticFile, synthetics } from './synthetic.js';

/** Returns small files of all kinds: of sharp, synthetic ones, and one with a nested stream. */
export async function seedFiles(): Promise<Uint8Array[]> {
  const files = [...(await sampleFiles(64, 64)), ...(await sampleFiles(17, 23, 2))].map(({ bytes }) => bytes);
  const synthetic = fc.sample(synthetics, { numRuns: 40, seed: 5 }).map((one) => syntheticFile(one));
  const nested = Buffer.concat([files[0]!, await drawnImage(24, 24).jpeg({ progressive: true }).toBuffer()]);
  return [...files, ...synthetic, new Uint8Array(nested)];
}

/** Parses and rebuilds `count` mutated files. */
export async function fuzzFiles(count: number, seed: number): Promise<Outcomes> {
  const files = await seedFiles();
  const random = chooser([seed]);
  const outcomes = noOutcomes();
  for (let i = 0; i < count; i++) tryFile(mutated(files[i % files.length]!, random), outcomes);
  return outcomes;
}

/** Writes files from `count` mutated records. */
export async function fuzzRecords(count: number, seed: number): Promise<Outcomes> {
  const parsed = (await seedFiles()).map((bytes) => parseJpeg(bytes, { maxPixels: MAX_PIXELS }));
  const random: Random = chooser([seed]);
  const outcomes = noOutcomes();
  for (let i = 0; i < count; i++) {
    const record = parsed[i % parsed.length]!;
    const literals = random(8) === 0 ? mutated(record.literals, random) : record.literals;
    tryRecord({ ...record, structure: mutated(record.structure, random, 1), literals }, outcomes);
  }
  return outcomes;
}

function noOutcomes(): Outcomes {
  return { exact: 0, different: 0, refused: 0, slowestMs: 0 };
}
