import type { Worker } from 'node:worker_threads';
import { PixrnnError } from '../errors.js';
import type { PhotoSpec } from '../model/photo.js';
import { startThread } from '../node/assets.js';
import type { PhotoTiles } from './networks/photo.js';
import { type CropSections, sectionLengths, sectionsIn, tilesOf } from './photo-crops.js';
import { ImageOrder, drawnFor, pieceOf, shuffled } from './photo-pieces.js';
import type { CropJob, CropSettings, CropsDone } from './photo-worker.js';
import type { BatchOptions, BatchSource } from './trainable.js';

/** Pieces per group, whose crops are shuffled together; 72 MB each in RGB. The next group is made while one is in use. */
const GROUP = 8;
/** A position is the group's number times this, plus the number of its crops already used. */
const GROUP_SPAN = 2 ** 20;

/** A pending request for the crops of a piece. */
interface Pending {
  readonly resolve: (crops: readonly ArrayBuffer[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A source of batches for the photo model. A worker thread computes the network's inputs from pieces of images, one group
 * ahead of the trainer. The order of crops depends on the seed alone.
 */
export class PhotoBatches implements BatchSource<PhotoTiles> {
  private readonly worker: Worker;
  private readonly order: ImageOrder;
  private readonly pending = new Map<number, Pending>();
  /** The current group, its remaining crops in order, the number of crops used, and the groups requested. */
  private group: number;
  private crops: ArrayBuffer[] | null = null;
  private taken: number;
  private readonly requested = new Map<number, Promise<ArrayBuffer[]>>();
  private failure: Error | null = null;
  /** Memory of the current batch; the next one overwrites it. */
  private readonly sections: CropSections;

  constructor(private readonly options: BatchOptions<PhotoSpec>) {
    const { images, spec, settings, position = 0 } = options;
    if (images.some(({ depth }) => depth !== 8)) {
      throw new PixrnnError('usage', 'the model photo is trained on 8-bit samples. Use another model or other images.');
    }
    this.group = Math.floor(position / GROUP_SPAN);
    this.taken = position % GROUP_SPAN;
    this.order = new ImageOrder(images, settings.seed);
    this.sections = sectionLengths(spec, settings.batch * settings.crop ** 2).map((n) => new Float32Array(n));
    const workerData: CropSettings = { inputs: spec, crop: settings.crop };
    this.worker = startThread('program/photo-worker.js', { workerData, execArgv: [] });
    this.worker.on('message', ({ n, crops }: CropsDone) => {
      this.pending.get(n)?.resolve(crops);
      this.pending.delete(n);
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the worker thread of the crops exited')));
  }

  get position(): number {
    return this.group * GROUP_SPAN + this.taken;
  }

  async next(): Promise<PhotoTiles> {
    const { batch, crop } = this.options.settings;
    const { spec } = this.options;
    const { channels } = spec;
    for (let i = 0; i < batch; i++) {
      const sections = sectionsIn(await this.nextCrop(), spec, crop ** 2);
      // Centres and values are ordered by channel over the whole batch.
      sections.forEach((section, s) => {
        const parts = s > channels ? channels : 1;
        const length = section.length / parts;
        for (let c = 0; c < parts; c++) {
          const part = section.subarray(c * length, (c + 1) * length);
          (this.sections[s] as Float32Array).set(part, (c * batch + i) * length);
        }
      });
    }
    return tilesOf(this.sections, spec, { batch, height: crop, width: crop });
  }

  async close(): Promise<void> {
    this.worker.removeAllListeners();
    await this.worker.terminate();
  }

  private async nextCrop(): Promise<ArrayBuffer> {
    if (!this.crops) {
      this.crops = (await this.cropsOf(this.group)).slice(this.taken);
      this.requested.delete(this.group); // so that crops are freed as they are used
      void this.cropsOf(this.group + 1);
    }
    const crop = this.crops.shift();
    if (crop) {
      this.taken++;
      return crop;
    }
    this.group++;
    this.taken = 0;
    this.crops = null;
    return this.nextCrop();
  }

  /** Returns the crops of a group in order. */
  private cropsOf(group: number): Promise<ArrayBuffer[]> {
    let crops = this.requested.get(group);
    if (!crops) {
      crops = this.makeGroup(group);
      crops.catch(() => undefined); // handled where the group is awaited
      this.requested.set(group, crops);
    }
    return crops;
  }

  private async makeGroup(group: number): Promise<ArrayBuffer[]> {
    const pieces = Array.from({ length: GROUP }, (_, i) => this.cropsOfPiece(group * GROUP + i));
    const crops = (await Promise.all(pieces)).flat();
    const order = shuffled(crops.length, drawnFor(this.options.settings.seed, 2 ** 31 + group));
    return order.map((i) => crops[i] as ArrayBuffer);
  }

  private cropsOfPiece(n: number): Promise<readonly ArrayBuffer[]> {
    const { spec, settings } = this.options;
    const { seed, crop, orientations } = settings;
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.pending.set(n, { resolve, reject });
      const piece = pieceOf(this.order.at(n), n, { seed, crop, orientations, channels: spec.channels });
      const job: CropJob = { n, piece };
      this.worker.postMessage(job, [piece.samples.buffer as ArrayBuffer]);
    });
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.pending.values()) reject(this.failure);
    this.pending.clear();
  }
}
