import { installHost } from '../host/host.js';
import { nodeHost } from './host.js';

/* Every program that runs in Node.js, and each of its threads, imports this file first. */
installHost(nodeHost);
