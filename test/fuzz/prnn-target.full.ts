import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPrnn } from '../../scripts/fuzz/open-prnn.js';
import { prnnSeeds } from '../../scripts/fuzz/prnn-seeds.js';
import { prnnTarget } from '../../scripts/fuzz/prnn-target.js';
import { mutated } from '../jpeg/mutations.js';
import { chooser } from '../jpeg/synthetic.js';

test('hundreds of mutated .prnn files give no finding, and half of them reach the data', async (context) => {
  const random = chooser([6]);
  const seeds = [...(await prnnSeeds()).values()];
  const execute = await prnnTarget();
  const count = 200;
  let reached = 0;
  for (let i = 0; i < count; i++) {
    const input = mutated(openPrnn(seeds[(7 * i) % seeds.length]!), random);
    if ((await execute(input)).reached) reached++;
  }
  context.diagnostic(`${reached} of ${count} reach the data`);
  assert.ok(reached >= count / 2);
});
