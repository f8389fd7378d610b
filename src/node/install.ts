import { installHost } from '../host/host.js';
import { nodeHost } from './host.js';
import { addReaders } from './image/add-readers.js';

/* Imported first by every program that runs in Node.js, and by each of its threads. */
installHost(nodeHost);
addReaders();
