import '../node/install.js';
import { parentPort, workerData } from 'node:worker_threads';
import { PhotoFeatures } from '../engine/photo-features.js';
import { cutCrop } from './photo-crops.js';
import type { Piece } from './photo-pieces.js';

/** From the trainer: a piece to cut into crops; `n` names it in the answer. */
export interface CropJob {
  readonly n: number;
  readonly piece: Piece;
}

/** To the trainer: a piece's crops, as `cutCrop` lays them out. */
export interface CropsDone {
  readonly n: number;
  readonly crops: readonly ArrayBuffer[];
}

/** What the thread is started with. */
export interface CropSettings {
  readonly channels: 1 | 3;
  readonly crop: number;
}

/* The thread of `PhotoBatches`: it has the engine compute what the network sees of a piece. */
const port = parentPort;
if (!port) throw new Error('this file is a worker thread of PhotoBatches');
const { channels, crop } = workerData as CropSettings;
const features = await PhotoFeatures.create();

port.on('message', ({ n, piece }: CropJob) => {
  const { samples, width, height, corners } = piece;
  const records = features.records(samples, width, height, channels);
  const crops = corners.map((corner) => cutCrop(records, width, channels, corner, crop));
  const done: CropsDone = { n, crops };
  port.postMessage(done, crops);
});
