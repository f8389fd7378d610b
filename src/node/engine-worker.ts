import './install.js';
import { parentPort } from 'node:worker_threads';
import { serveJobs } from '../engine/serve-jobs.js';

/* A thread of an engine pool. */
const port = parentPort;
if (!port) throw new Error('this file must run as a worker thread of an engine pool');
const receive = serveJobs((message, transfer) => port.postMessage(message, transfer));
port.on('message', receive);
