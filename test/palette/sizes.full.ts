import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import type { PaletteCoder } from '#pixrnn/engine/palette-coder.js';
import { assertRoundTrip, bytesOf, drawn, FORMATS, formatName, freshCoder, noise, randomFrom, text } from './tiles.js';

let coder: PaletteCoder;
before(async () => {
  coder = await freshCoder();
});

describe('flat tiles of 2^20 pixels', () => {
  for (const format of FORMATS) {
    it(`need the colour and at most 3 bytes: ${formatName(format)}`, () => {
      const tile = drawn(1024, 1024, format, (_x, _y, c) => 0x5aa5 >> c);
      const payload = assertRoundTrip(coder, coder, tile);
      const colour = Math.ceil((format.channels * format.depth) / 8);
      assert.ok(payload.length <= colour + 3, `${payload.length} bytes`);
      // A colour of 16-bit RGBA alone is 8 bytes.
      if (colour < 8) assert.ok(payload.length <= 8, `${payload.length} bytes`);
    });
  }

  it('need no more if they are one pixel wide', () => {
    const tile = drawn(1, 2 ** 20, { channels: 4, depth: 8 }, () => 77);
    assert.ok(assertRoundTrip(coder, coder, tile).length <= 8);
  });
});

describe('structure', () => {
  const rgb = { channels: 3, depth: 8 } as const;

  it('costs little if rows repeat', () => {
    const random = randomFrom(5);
    const row = Array.from({ length: 256 * 3 }, () => Math.floor(random() * 4) * 60);
    const tile = drawn(256, 256, rgb, (x, _y, c) => row[x * 3 + c] ?? 0);
    const one = drawn(256, 1, rgb, (x, _y, c) => row[x * 3 + c] ?? 0);
    const whole = assertRoundTrip(coder, coder, tile).length;
    const alone = assertRoundTrip(coder, coder, one).length;
    assert.ok(whole <= alone + 4, `${whole} bytes, its row ${alone}`);
  });

  it('is found if glyphs repeat: at most half the size of deflate', () => {
    const tile = text(512, 256, rgb, 26);
    const deflated = deflateRawSync(bytesOf(tile.samples), { level: 9 }).length;
    assert.ok(2 * assertRoundTrip(coder, coder, tile).length < deflated);
  });

  it('does not make noise of few colours much larger than raw samples', () => {
    const tile = noise(256, 256, { channels: 1, depth: 2 });
    assert.ok(assertRoundTrip(coder, coder, tile).length < 1.03 * (256 * 256 * (2 / 8)));
  });
});

describe('the limit', () => {
  const tile = text(200, 100, { channels: 3, depth: 8 });

  it('is exact to the byte', () => {
    const payload = assertRoundTrip(coder, coder, tile);
    assert.deepEqual(coder.encode(tile, payload.length), payload);
    for (const limit of [payload.length - 1, payload.length - 2, 100, 4, 1, 0, -5]) {
      assert.equal(coder.encode(tile, limit), null, `limit ${limit}`);
    }
  });

  it('stops the work', () => {
    const large = text(1024, 1024, { channels: 3, depth: 8 }, 5000);
    const time = (limit: number): number => {
      const start = performance.now();
      coder.encode(large, limit);
      return performance.now() - start;
    };
    time(1000);
    assert.ok(time(1000) < time(2 ** 30) / 2);
  });

  it('is not needed for photographs: the coder gives up on them', () => {
    const photograph = noise(256, 256, { channels: 3, depth: 8 });
    assert.equal(coder.encode(photograph, 2 ** 30), null);
  });
});
