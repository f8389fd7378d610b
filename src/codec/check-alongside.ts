import { equalBytes } from '../bytes.js';
import type { EncodedTile, SideInformation, TileShape } from '../engine/engine.js';
import type { Effort } from '../effort.js';
import type { Coders, JobOptions } from '../engine/pool.js';
import type { JobResult, ModelJob, PlainJob } from '../engine/protocol.js';
import { hasSharedMemory } from '../engine/shared-memory.js';
import { abandonSharedPayload, createSharedPayload } from '../engine/shared-payload.js';
import type { Model } from '../model/model.js';
import { packedLength, sameSamples, type Samples } from '../samples.js';

/** Fewer pixels are decoded sooner than a second thread starts. */
const MIN_PIXELS = 2 ** 15;

/** What a payload was decoded with. */
interface Settings extends TileShape, SideInformation {
  readonly effort: Effort;
}

/** A payload and the samples that a second thread decodes it to. */
interface Check {
  readonly model: Model;
  readonly settings: Settings;
  readonly payload: Uint8Array;
  readonly decoded: Promise<Samples>;
}

type EncodeModelJob = ModelJob & { readonly kind: 'encode' };
type DecodeModelJob = ModelJob & { readonly kind: 'decode' };

/**
 * Decodes every payload in a second thread while a first one still encodes it, so that verification takes little more
 * time than coding. A later job that decodes the same payload with the same settings gets these samples. They are kept
 * until then, so this is for images of a few tiles. Rows are reported once they are decoded.
 */
export class CheckingCoders implements Coders {
  private readonly checks: Check[] = [];

  private constructor(private readonly pool: Coders) {}

  /**
   * Returns coders that check, or null if that gains nothing: the threads are busy with other tiles, they share no
   * memory, or starting a second one takes longer than decoding.
   */
  static for(pixels: number, tiles: number, pool: Coders): CheckingCoders | null {
    return pixels >= MIN_PIXELS && tiles < pool.threads && hasSharedMemory() ? new CheckingCoders(pool) : null;
  }

  get threads(): number {
    return this.pool.threads;
  }

  async run<K extends ModelJob['kind']>(
    model: Model,
    makeJob: () => ModelJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return (await this.runMade(model, makeJob(), options)) as JobResult[K];
  }

  runPlain<K extends PlainJob['kind']>(
    makeJob: () => PlainJob & { readonly kind: K },
    options: JobOptions = {},
  ): Promise<JobResult[K]> {
    return this.pool.runPlain<K>(makeJob, options);
  }

  private runMade(model: Model, job: ModelJob, options: JobOptions): Promise<JobResult[ModelJob['kind']]> {
    if (job.kind === 'encode') return this.encode(model, job, options);
    if (job.kind === 'decode') return this.decode(model, job, options);
    return this.pool.run(model, () => job, options);
  }

  private async encode(model: Model, job: EncodeModelJob, { onRows, signal }: JobOptions): Promise<EncodedTile> {
    const { effort, values, known, knowsFirst, small } = job;
    const { width, height, channels, depth, samples } = job.tile;
    const settings: Settings = { effort, width, height, depth, values, known, knowsFirst, small };
    const ownSamples = known || knowsFirst ? samples.slice() : undefined;
    const shared = createSharedPayload(packedLength(width * height * channels, depth));
    const encoding = this.pool.run(model, () => ({ ...job, shared }), { signal });
    // The pool is first come, first served: the encoder has a thread before its decoder waits for it.
    const decoded = this.pool.run(
      model,
      () => ({ kind: 'decode', ...settings, payload: shared, samples: ownSamples }),
      {
        onRows,
        signal,
      },
    );
    decoded.catch(() => {}); // whoever asks for the samples decodes the payload itself
    try {
      const encoded = await encoding;
      if (encoded.payload) this.checks.push({ model, settings, payload: encoded.payload, decoded });
      return encoded;
    } finally {
      abandonSharedPayload(shared);
    }
  }

  private async decode(model: Model, job: DecodeModelJob, options: JobOptions): Promise<Samples> {
    const at = this.checks.findIndex((check) => isOf(check, model, job));
    const [check] = at < 0 ? [] : this.checks.splice(at, 1);
    const samples = await check?.decoded.catch(() => null);
    return samples ?? this.pool.run(model, () => job, options);
  }
}

/** Returns whether a check decoded the payload of a job as the job would. */
function isOf({ settings, payload, ...check }: Check, model: Model, job: DecodeModelJob): boolean {
  const { effort, width, height, depth, values, known, knowsFirst, small, temperature = 1 } = job;
  return (
    check.model === model &&
    settings.effort === effort &&
    settings.width === width &&
    settings.height === height &&
    settings.depth === depth &&
    settings.knowsFirst === knowsFirst &&
    temperature === 1 &&
    sameArrays(settings.values, values) &&
    sameArrays(settings.known && [settings.known], known && [known]) &&
    sameArrays(settings.small && [settings.small], small && [small]) &&
    job.payload instanceof Uint8Array &&
    equalBytes(payload, job.payload)
  );
}

function sameArrays(a: readonly Samples[] | undefined, b: readonly Samples[] | undefined): boolean {
  if (!a || !b) return a === b;
  return a.length === b.length && a.every((array, i) => sameSamples(array, b[i]!));
}
