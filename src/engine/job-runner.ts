import type { Model } from '../model/model.js';
import { PaletteCoder } from './palette-coder.js';
import { Engine, type RowsDone } from './engine.js';
import type { CoderModules, PaletteJob, Job, JobResult, ModelJob } from './protocol.js';

/**
 * Runs jobs one after the other in the calling thread. It encodes with one instance of the engine and of the palette
 * coder and decodes with others, so that verification never sees the state that wrote the payload.
 */
export class JobRunner {
  private constructor(
    private readonly coder: Engine,
    private readonly decoder: Engine,
    private readonly paletteCoder: PaletteCoder,
    private readonly paletteDecoder: PaletteCoder,
  ) {}

  static async create({ engine, paletteCoder }: CoderModules): Promise<JobRunner> {
    return new JobRunner(
      await Engine.create(engine),
      await Engine.create(engine),
      await PaletteCoder.create(paletteCoder),
      await PaletteCoder.create(paletteCoder),
    );
  }

  /** @param model null for jobs of the palette coder */
  run(model: Model | null, job: Job, onRows?: RowsDone): JobResult[Job['kind']] {
    if (job.kind === 'encode-palette' || job.kind === 'decode-palette') return this.runPalette(job);
    if (!model) throw new Error('a job arrived before its model');
    return this.runModel(model, job, onRows);
  }

  private runPalette(job: PaletteJob): JobResult[PaletteJob['kind']] {
    return job.kind === 'encode-palette'
      ? this.paletteCoder.encode(job.tile, job.limit)
      : this.paletteDecoder.decode(job.payload, job.shape);
  }

  private runModel(model: Model, job: ModelJob, onRows: RowsDone | undefined): JobResult[ModelJob['kind']] {
    const { effort, values, known, small } = job;
    const options = { effort, values, known, small, onRows };
    switch (job.kind) {
      case 'encode':
        return this.coder.encode(model, job.tile, options);
      case 'measure':
        return this.coder.measure(model, job.tile, { ...options, wantsPixelBits: job.wantsPixelBits });
      case 'decode': {
        const { samples, temperature } = job;
        return this.decoder.decode(model, job.payload, job, { ...options, samples, temperature });
      }
    }
  }
}
