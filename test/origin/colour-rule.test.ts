import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findLuma, writeColour } from '#pixrnn/origin/colour-rule.js';
import { goJpeg } from '#pixrnn/origin/go-jpeg.js';
import { jfif } from '#pixrnn/origin/jfif.js';
import { jpegJs } from '#pixrnn/origin/jpeg-js.js';
import { libheif } from '#pixrnn/origin/libheif.js';
import { libwebp } from '#pixrnn/origin/libwebp.js';
import { libyuvBt601, libyuvBt709, libyuvJpeg } from '#pixrnn/origin/libyuv.js';
import { photoCd } from '#pixrnn/origin/photocd.js';
import { exactChroma, isClipped } from '#pixrnn/origin/pixel-chroma.js';
import { stbJpeg } from '#pixrnn/origin/stb-jpeg.js';
import { swscaleBt601, swscaleBt709, swscaleJpeg } from '#pixrnn/origin/swscale.js';

const byte = fc.integer({ min: 0, max: 255 });
const RULES = {
  ...{ jfif, photoCd, swscaleBt601, swscaleBt709, swscaleJpeg, libyuvBt601, libyuvBt709, libyuvJpeg, libwebp, libheif },
  ...{ goJpeg, jpegJs, stbJpeg },
};

for (const [name, rule] of Object.entries(RULES)) {
  test(`${name}: the range of luma holds exactly the values that give a colour`, () => {
    fc.assert(
      fc.property(byte, byte, byte, byte, byte, (luma, first, second, otherFirst, otherSecond) => {
        const colour = new Uint8Array(3);
        writeColour(rule, luma, first, second, colour, 0);
        for (const [a, b] of [
          [first, second],
          [otherFirst, otherSecond],
        ] as const) {
          // prettier-ignore
          const made = new Uint8Array(3);
          const expected = Array.from({ length: 256 }, (_, value) => value).filter((value) => {
            writeColour(rule, value, a, b, made, 0);
            return made.every((sample, c) => sample === colour[c]);
          });
          const range = { lowest: 0, highest: 0 };
          const found = findLuma(rule, colour, 0, a, b, range);
          assert.equal(found, expected.length > 0);
          if (found) assert.deepEqual([range.lowest, range.highest], [expected[0], expected.at(-1)]);
        }
      }),
    );
  });

  test(`${name}: the chroma of a colour that is not clipped is found`, () => {
    fc.assert(
      fc.property(byte, byte, byte, (luma, first, second) => {
        const colour = new Uint8Array(3);
        writeColour(rule, luma, first, second, colour, 0);
        fc.pre(!isClipped(colour, 0));
        const found = exactChroma(rule, colour, 0);
        assert.ok(found);
        assert.ok(findLuma(rule, colour, 0, ...found, { lowest: 0, highest: 0 }));
      }),
    );
  });
}

test('JFIF is the conversion of libjpeg, with its tables', () => {
  const fix = (x: number): number => Math.floor(x * 65536 + 0.5);
  fc.assert(
    fc.property(byte, byte, byte, (y, cb, cr) => {
      const red = y + ((fix(1.402) * (cr - 128) + 32768) >> 16);
      const green = y + ((-fix(0.34414) * (cb - 128) - fix(0.71414) * (cr - 128) + 32768) >> 16);
      const blue = y + ((fix(1.772) * (cb - 128) + 32768) >> 16);
      const made = new Uint8Array(3);
      writeColour(jfif, y, cb, cr, made, 0);
      assert.deepEqual([...made], [red, green, blue].map((value) => Math.max(0, Math.min(255, value)))); // prettier-ignore
    }),
  );
});
