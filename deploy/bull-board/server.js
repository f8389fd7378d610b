/*
 * A dashboard of the queue: its jobs, their files and why they failed. In this directory:
 *
 *   npm install && PIXRNN_QUEUE=redis://localhost:6379 node server.js
 *
 * It listens on the loopback. It has no log-in, and whoever reaches it can remove jobs.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Queue } from 'bullmq';
import express from 'express';
import { Redis } from 'ioredis';

const connection = new Redis(process.env.PIXRNN_QUEUE ?? 'redis://localhost:6379', { maxRetriesPerRequest: null });
const queue = new Queue(process.env.PIXRNN_QUEUE_NAME ?? 'pixrnn', { connection, prefix: 'pixrnn' });
const serverAdapter = new ExpressAdapter();
createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter });
const port = Number(process.env.PORT ?? 3000);
express()
  .use('/', serverAdapter.getRouter())
  .listen(port, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${port}\n`));
