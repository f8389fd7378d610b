import { compileCoders } from '#pixrnn/engine/coder-modules.js';
import { JobRunner } from '#pixrnn/engine/job-runner.js';
import { JpegCoder } from '#pixrnn/engine/jpeg-coder.js';
import { PaletteCoder } from '#pixrnn/engine/palette-coder.js';
import type { Coders } from '#pixrnn/engine/pool.js';
import type { Job, JobResult, JpegJob } from '#pixrnn/engine/protocol.js';
import { emptyImage } from '#pixrnn/jpeg/frame.js';
import type { Model } from '#pixrnn/model/model.js';

/** Coders in the calling thread that count the jobs they did. */
export interface FuzzCoders {
  readonly pool: Coders;
  /** Jobs so far. */
  jobs(): number;
  /** Whether coefficients of JPEG files are decoded; if not, they are 0, because their coder needs 16 ms to start. */
  decodesJpeg: boolean;
  /** Whether recipes rebuild their source; if not, the source is empty. */
  rebuilds: boolean;
}

type DecodeJpegJob = Extract<JpegJob, { kind: 'decode-jpeg' }>;

/** Every job uses the same instances of WebAssembly: a thousand new ones a second would keep the garbage collector busy. */
export async function fuzzCoders(): Promise<FuzzCoders> {
  const modules = await compileCoders();
  const runner = await JobRunner.create(modules);
  const palette = await PaletteCoder.create(modules.paletteCoder);
  const jpeg = await JpegCoder.create();
  let jobs = 0;
  const decodeJpeg = ({ shape, payload, effort }: DecodeJpegJob) => {
    if (!coders.decodesJpeg) return emptyImage(shape);
    jobs++;
    return jpeg.decode(payload, shape, effort);
  };
  const run = async (model: Model | null, job: Job): Promise<JobResult[Job['kind']]> => {
    if (job.kind === 'decode-jpeg') return decodeJpeg(job);
    if (job.kind === 'rebuild-source' && !coders.rebuilds) return new Uint8Array(0);
    jobs++;
    return job.kind === 'decode-palette' ? palette.decode(job.payload, job.shape) : runner.run(model, job);
  };
  const coders: FuzzCoders = {
    pool: {
      threads: 1,
      run: (model, makeJob) => run(model, makeJob()) as ReturnType<Coders['run']>,
      runPlain: (makeJob) => run(null, makeJob()) as ReturnType<Coders['runPlain']>,
    } as Coders,
    jobs: () => jobs,
    decodesJpeg: true,
    rebuilds: true,
  };
  return coders;
}
