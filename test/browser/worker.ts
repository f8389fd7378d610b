import { serveJobs } from '#pixrnn/engine/serve-jobs.js';
import type { ToWorker } from '#pixrnn/engine/protocol.js';
import { installHost } from '#pixrnn/host/host.js';
import { webHost } from './web-host.js';

/*
 * A dedicated worker of the page: one thread of its engine pool.
 */
installHost(webHost);
const receive = serveJobs((message, transfer) => self.postMessage(message, { transfer: [...transfer] }));
self.onmessage = ({ data }: MessageEvent<ToWorker>) => receive(data);
