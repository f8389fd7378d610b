import '../node/install.js';
import { parentPort, workerData } from 'node:worker_threads';
import { PhotoFeatures } from '../engine/photo-features.js';
import type { PhotoInputs } from '../model/photo.js';
import { cutCrop } from './photo-crops.js';
import type { Piece } from './photo-pieces.js';

/** Request: a piece to cut into crops; the response repeats `n`. */
export interface CropJob {
  readonly n: number;
  readonly piece: Piece;
}

/** Response: the crops of a piece, in the layout of `cutCrop`. */
export interface CropsDone {
  readonly n: number;
  readonly crops: readonly ArrayBuffer[];
}

/** Start options of the thread. */
export interface CropSettings {
  readonly inputs: PhotoInputs;
  readonly crop: number;
}

/* The worker thread of `PhotoBatches`: computes the network's inputs for a piece with the engine. */
const port = parentPort;
if (!port) throw new Error('photo-worker.js runs only as the worker thread of PhotoBatches');
const { inputs, crop } = workerData as CropSettings;
const features = await PhotoFeatures.create();

port.on('message', ({ n, piece }: CropJob) => {
  const { samples, width, height, corners } = piece;
  const records = features.records(samples, width, height, inputs);
  const crops = corners.map((corner) => cutCrop(records, width, inputs, corner, crop));
  const done: CropsDone = { n, crops };
  port.postMessage(done, crops);
});
