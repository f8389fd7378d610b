import { installHost } from '../host/host.js';
import { nodeHost } from './host.js';

/* Imported first by every program that runs in Node.js, and by each of its threads. */
installHost(nodeHost);
