/*
 * A disturbed run; `npm run bench:farm -- --chaos` has a longer one.
 */
import { test } from 'node:test';
import { chaos } from './chaos.js';
import { needsServer } from './servers.js';

const options = { timeout: 300_000, skip: needsServer('valkey-server') };

test('nothing is lost, half-written or wrong in a run that is disturbed', options, async (context) => {
  await chaos(context, {
    ...{ program: 'valkey-server', toBucket: false, images: 60, side: 32, disturbances: 8, workers: 3, seed: 5 },
    print: (line) => context.diagnostic(line),
  });
});
