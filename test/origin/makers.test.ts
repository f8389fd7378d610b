import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ColourRule, writeColour } from '#pixrnn/origin/colour-rule.js';
import { goJpeg } from '#pixrnn/origin/go-jpeg.js';
import { jpegJs } from '#pixrnn/origin/jpeg-js.js';
import { libheif } from '#pixrnn/origin/libheif.js';
import { libwebp } from '#pixrnn/origin/libwebp.js';
import { libyuvBt601, libyuvBt709, libyuvJpeg } from '#pixrnn/origin/libyuv.js';
import { stbJpeg } from '#pixrnn/origin/stb-jpeg.js';
import { swscaleBt601, swscaleBt709, swscaleJpeg } from '#pixrnn/origin/swscale.js';

type Six = readonly [luma: number, first: number, second: number, red: number, green: number, blue: number];

/**
 * Colours that the programs themselves computed: ffmpeg 7.1, Chromium 156 and Pillow 13.0 (libavif) on x86-64, Go 1.24,
 * Debian's stb_image.h and dwebp, sharp 0.35 (libheif).
 */
const MADE: Readonly<Record<string, { readonly rule: ColourRule; readonly colours: readonly Six[] }>> = {
  // prettier-ignore
  'ffmpeg, no tag': { rule: swscaleBt601, colours: [
    [171, 167, 92, 122, 193, 255], [120, 41, 124, 114, 158, 0], [71, 162, 102, 22, 71, 132],
    [146, 238, 108, 119, 123, 255], [33, 96, 141, 39, 20, 0], [38, 204, 122, 15, 0, 178],
  ] },
  // prettier-ignore
  'ffmpeg, BT.709': { rule: swscaleBt709, colours: [
    [177, 159, 251, 255, 114, 252], [87, 142, 113, 55, 86, 111], [213, 125, 66, 117, 255, 222],
    [82, 153, 11, 0, 132, 128], [128, 177, 35, 0, 168, 233], [180, 134, 63, 73, 222, 202],
  ] },
  // prettier-ignore
  'ffmpeg, yuvj420p': { rule: swscaleJpeg, colours: [
    [7, 234, 212, 124, 0, 194], [107, 134, 128, 107, 104, 117], [50, 169, 232, 195, 0, 122],
    [112, 47, 142, 131, 129, 0], [41, 103, 155, 78, 29, 0], [246, 95, 90, 192, 255, 187],
  ] },
  // prettier-ignore
  'Chromium, video of 496 x 480': { rule: libyuvBt601, colours: [
    [89, 96, 214, 222, 28, 21], [184, 56, 146, 224, 209, 52], [107, 111, 187, 200, 65, 72],
    [140, 91, 162, 199, 131, 70], [128, 95, 163, 186, 115, 64], [95, 97, 163, 148, 76, 30],
  ] },
  // prettier-ignore
  'Chromium, video of 1280 x 720': { rule: libyuvBt709, colours: [
    [80, 114, 169, 148, 56, 46], [116, 113, 152, 160, 107, 86], [135, 115, 152, 182, 129, 113],
    [133, 113, 149, 174, 128, 106], [129, 115, 151, 173, 122, 106], [138, 115, 150, 182, 133, 116],
  ] },
  // prettier-ignore
  'Pillow, AVIF': { rule: libyuvJpeg, colours: [
    [87, 187, 79, 18, 102, 191], [37, 168, 112, 14, 35, 108], [88, 145, 115, 70, 91, 118],
    [140, 124, 139, 155, 133, 133], [132, 125, 138, 146, 126, 127], [73, 123, 134, 81, 70, 64],
  ] },
  // prettier-ignore
  'sharp, AVIF': { rule: libheif, colours: [
    [56, 176, 98, 14, 61, 141], [52, 142, 117, 37, 55, 77], [103, 130, 111, 79, 114, 107],
    [143, 124, 116, 126, 153, 136], [147, 123, 119, 134, 155, 138], [90, 123, 120, 79, 97, 81],
  ] },
  // prettier-ignore
  dwebp: { rule: libwebp, colours: [
    [136, 166, 148, 172, 109, 216], [108, 143, 154, 149, 80, 137], [153, 148, 145, 187, 138, 200],
    [112, 147, 143, 136, 92, 150], [167, 143, 144, 201, 157, 206], [136, 145, 140, 159, 123, 174],
  ] },
  // prettier-ignore
  'Go, color.YCbCrToRGB': { rule: goJpeg, colours: [
    [0, 128, 128, 0, 0, 0], [255, 128, 128, 255, 255, 255], [100, 90, 200, 201, 62, 33], [200, 60, 100, 161, 244, 80],
    [37, 150, 140, 53, 21, 76], [128, 255, 20, 0, 161, 255], [64, 33, 170, 123, 66, 0],
  ] },
  // prettier-ignore
  stb_image: { rule: stbJpeg, colours: [
    [0, 128, 128, 0, 0, 0], [255, 128, 128, 255, 255, 255], [100, 90, 200, 201, 62, 33], [200, 60, 100, 161, 243, 80],
    [37, 150, 140, 54, 21, 76], [128, 255, 20, 0, 161, 255], [64, 33, 170, 123, 67, 0],
  ] },
};

for (const [maker, { rule, colours }] of Object.entries(MADE)) {
  test(`${maker}: colours are computed as there`, () => {
    for (const [luma, first, second, ...expected] of colours) {
      const made = new Uint8Array(3);
      writeColour(rule, luma, first, second, made, 0);
      assert.deepEqual([...made], expected, `${luma} ${first} ${second}`);
    }
  });
}

test('jpeg-js: integers give what its real numbers give, for all colours', () => {
  const made = new Uint8Array(3);
  const clamp = (value: number): number => Math.trunc(Math.max(0, Math.min(255, value)));
  for (let cb = 0; cb < 256; cb++) {
    for (let cr = 0; cr < 256; cr++) {
      // Chroma decides what is rounded off; luma only has to keep green from being clipped.
      const luma = Math.max(0, Math.min(255, 128 + Math.round(0.344 * (cb - 128) + 0.714 * (cr - 128))));
      writeColour(jpegJs, luma, cb, cr, made, 0);
      const expected = [
        luma + 1.402 * (cr - 128),
        luma - 0.3441363 * (cb - 128) - 0.71413636 * (cr - 128),
        luma + 1.772 * (cb - 128),
      ];
      if (!made.every((sample, c) => sample === clamp(expected[c]!))) assert.deepEqual([...made], expected.map(clamp));
    }
  }
});

test('libwebp: the integers of VP8YUVToR, VP8YUVToG and VP8YUVToB', () => {
  const mulHi = (value: number, factor: number): number => (value * factor) >> 8;
  const clip = (value: number): number => (value < 0 ? 0 : Math.min(255, value >> 6));
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, (y, u, v) => {
      const luma = mulHi(y, 19_077);
      const expected = [
        clip(luma + mulHi(v, 26_149) - 14_234),
        clip(luma - mulHi(u, 6419) - mulHi(v, 13_320) + 8708),
        clip(luma + mulHi(u, 33_050) - 17_685),
      ];
      const made = new Uint8Array(3);
      writeColour(libwebp, y, u, v, made, 0);
      assert.deepEqual([...made], expected);
    }),
  );
});

test('swscale: products of 16 bits, of which pmulhw keeps the upper half', () => {
  const pmulhw = (a: number, b: number): number => (a * b) >> 16;
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, (y, u, v) => {
      const luma = pmulhw(8 * y - 128, 9539);
      const [first, second] = [8 * u - 1024, 8 * v - 1024];
      const green = luma + pmulhw(first, -3209) + pmulhw(second, -6660);
      const expected = [luma + pmulhw(second, 13_075), green, luma + pmulhw(first, 16_525)];
      const made = new Uint8Array(3);
      writeColour(swscaleBt601, y, u, v, made, 0);
      assert.deepEqual([...made], expected.map((value) => Math.max(0, Math.min(255, value)))); // prettier-ignore
    }),
  );
});
