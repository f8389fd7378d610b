import { test } from 'node:test';
import { assertRoundTrip, freshCoder, text } from './tiles.js';

test('restores the largest tiles', async () => {
  const [encoder, decoder] = [await freshCoder(), await freshCoder()];
  assertRoundTrip(encoder, decoder, text(1024, 1024, { channels: 4, depth: 8 }));
  assertRoundTrip(encoder, decoder, text(1, 2 ** 20, { channels: 1, depth: 2 }));
});
