import type { Model } from '../model/model.js';
import { blocksOf } from '../jpeg/coefficients.js';
import { findCoefficients } from '../origin/dct/find-coefficients.js';
import { findPlanes } from '../origin/find-planes.js';
import { ORIGINS } from '../origin/origins.js';
import { makeRecipe, rebuildSource } from '../recipe/recipe.js';
import { allocateBlockBits } from './jpeg-bands.js';
import { JpegCoder } from './jpeg-coder.js';
import { PaletteCoder } from './palette-coder.js';
import {
  type EncodedTile,
  type EncodeOptions,
  Engine,
  type RowsDone,
  type SamplesDone,
  type TileSamples,
} from './engine.js';
import { abandonSharedPayload } from './shared-payload.js';
import type { CoderModules } from './coder-modules.js';
import type { Job, JobResult, JpegJob, ModelJob, PaletteJob } from './protocol.js';

/**
 * Runs jobs one after the other in the calling thread. It encodes with one instance of the engine and decodes with
 * another, so that verification never sees the state that wrote the payload. The other coders have an instance a job:
 * their memory depends on the size of the image and is returned after it.
 */
export class JobRunner {
  private constructor(
    private readonly coder: Engine,
    private readonly decoder: Engine,
    private readonly paletteModule: WebAssembly.Module,
  ) {}

  static async create({ engine, paletteCoder }: CoderModules): Promise<JobRunner> {
    return new JobRunner(await Engine.create(engine), await Engine.create(engine), paletteCoder);
  }

  /** @param model null for jobs of the palette coder */
  async run(
    model: Model | null,
    job: Job,
    onRows?: RowsDone,
    onSamples?: SamplesDone,
  ): Promise<JobResult[Job['kind']]> {
    if (job.kind === 'encode-palette' || job.kind === 'decode-palette') return this.runPalette(job);
    if (job.kind === 'encode-jpeg' || job.kind === 'decode-jpeg') return this.runJpeg(job, onRows);
    if (job.kind === 'make-recipe') return makeRecipe(job.source, job.raster, job.metadata);
    if (job.kind === 'rebuild-source') return rebuildSource(job.recipe, job.raster, job.metadata);
    if (job.kind === 'find-planes') return findPlanes(job.tile, ORIGINS[job.origin]!, job.phase);
    if (job.kind === 'find-coefficients') {
      return findCoefficients(job.tile, job.origin === null ? null : ORIGINS[job.origin]!, job.phase);
    }
    if (!model) throw new Error('a job arrived before its model');
    return this.runModel(model, job, onRows, onSamples);
  }

  private async runPalette(job: PaletteJob): Promise<JobResult[PaletteJob['kind']]> {
    const coder = await PaletteCoder.create(this.paletteModule);
    return job.kind === 'encode-palette' ? coder.encode(job.tile, job.limit) : coder.decode(job.payload, job.shape);
  }

  private async runJpeg(job: JpegJob, onRows: RowsDone | undefined): Promise<JobResult[JpegJob['kind']]> {
    const coder = await JpegCoder.create();
    const blocks = blocksOf(job.kind === 'encode-jpeg' ? job.image : job.shape);
    const onMcuRows = (done: number, total: number): void => onRows?.(Math.floor((blocks * done) / total));
    if (job.kind === 'decode-jpeg') return coder.decode(job.payload, job.shape, job.effort, onMcuRows);
    const blockBits = job.wantsBlockBits ? allocateBlockBits(job.image) : undefined;
    const payload = coder.encode(job.image, job.effort, job.limit, onMcuRows, blockBits);
    return payload && { payload, blockBits: blockBits ?? null };
  }

  /** A decoder of the shared payload must not wait for an encoder that has failed. */
  private encode(model: Model, tile: TileSamples, options: EncodeOptions): EncodedTile {
    try {
      return this.coder.encode(model, tile, options);
    } catch (error) {
      if (options.shared) abandonSharedPayload(options.shared);
      throw error;
    }
  }

  private runModel(
    model: Model,
    job: ModelJob,
    onRows: RowsDone | undefined,
    onSamples: SamplesDone | undefined,
  ): JobResult[ModelJob['kind']] {
    const { effort, values, known, knowsFirst, small } = job;
    const options = { effort, values, known, knowsFirst, small, onRows };
    switch (job.kind) {
      case 'encode':
        return this.encode(model, job.tile, { ...options, shared: job.shared });
      case 'measure':
        return this.coder.measure(model, job.tile, { ...options, wantsPixelBits: job.wantsPixelBits });
      case 'decode': {
        const { samples, temperature, wantsSamples } = job;
        const reporting = wantsSamples ? { onSamples } : {};
        return this.decoder.decode(model, job.payload, job, { ...options, samples, temperature, ...reporting });
      }
    }
  }
}
