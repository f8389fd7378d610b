import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasRecipe, recipeBytes } from './exact-files.js';

const bytesOf = (text: string, ...bytes: number[]): Buffer => Buffer.concat([Buffer.from(text), Buffer.from(bytes)]);

test('binary files of any maximum value come back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(5, 6, 7),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 9 }),
      fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(255, 1023, 4095, 65535)),
      async (kind, width, height, highest) => {
        const channels = kind === 7 ? 4 : kind === 6 ? 3 : 1;
        const samples = Array.from({ length: width * height * channels }, (_, i) => (i * i) % (highest + 1));
        const data = samples.flatMap((sample) => (highest > 255 ? [sample >> 8, sample & 255] : [sample]));
        const head =
          kind === 7
            ? `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH 4\nMAXVAL ${highest}\nTUPLTYPE RGB_ALPHA\nENDHDR\n`
            : `P${kind}\n# a comment\n${width} ${height}\n${highest}\n`;
        assert.ok((await recipeBytes(bytesOf(head, ...data))) < head.length + 30);
      },
    ),
  );
});

test('bitmaps come back, with padding that is not zero', async () => {
  assert.ok((await recipeBytes(bytesOf('P4 9 3\n', 0xaa, 0x80, 0x12, 0, 0xff, 0x80))) < 30);
  await recipeBytes(bytesOf('P4 9 3\n', 0xaa, 0xff, 0x12, 0x7f, 0xff, 0x80));
});

const image = bytesOf('P5 3 2 255\n', 1, 2, 3, 4, 5, 6);

test('the chosen image of several comes back with the others', async () => {
  const file = Buffer.concat([bytesOf('P5 3 2 255\n', 6, 5, 4, 3, 2, 1), image, image]);
  for (const page of [1, 2, 3]) await recipeBytes(file, { page });
});

/** Numbers with a rule for what follows each. */
const plain = (kind: number, width: number, height: number, highest: number, after: (i: number) => string): Buffer => {
  const count = width * height * (kind === 3 ? 3 : 1);
  const numbers = Array.from({ length: count }, (_, i) => `${(i * i * 7) % (highest + 1)}${after(i)}`);
  return Buffer.from(`P${kind}\n${width} ${height}\n${kind === 1 ? '' : `${highest}\n`}${numbers.join('')}`);
};

test('plain files with the same number of samples in each line come back', async () => {
  const [width, height] = [20, 7];
  const row =
    (n: number): ((i: number) => string) =>
    (i) =>
      (i + 1) % n === 0 ? '\n' : ' ';
  const trailing =
    (n: number): ((i: number) => string) =>
    (i) =>
      (i + 1) % n === 0 ? ' \n' : ' ';
  const inRows = (n: number, rowSamples: number) => (i: number) =>
    ((i % rowSamples) + 1) % n === 0 || (i + 1) % rowSamples === 0 ? '\n' : ' ';
  for (const highest of [1, 9, 100, 255, 1000, 65535]) {
    for (const kind of [2, 3]) {
      const rowSamples = width * (kind === 3 ? 3 : 1);
      for (const after of [row(rowSamples), row(1), trailing(rowSamples), row(5), inRows(17, rowSamples)]) {
        const bytes = await recipeBytes(plain(kind, width, height, highest, after));
        assert.ok(bytes < 50, `P${kind}, maximum ${highest}: ${bytes} bytes`);
      }
    }
  }
  // 13 numbers in a line, without regard to rows.
  assert.ok((await recipeBytes(plain(2, 20, 13, 255, row(13)))) < 50);
  assert.ok((await recipeBytes(plain(2, 5, 13, 255, row(13)))) < 50);
  for (const after of [row(20), () => '', (i: number) => ((i + 1) % 70 === 0 ? '\n' : '')]) {
    const file = plain(1, 20, 7, 1, after);
    assert.ok((await recipeBytes(file.at(-1) === 0x0a ? file : Buffer.from(`${file.toString()}\n`))) < 50);
  }
});

test('plain files with lines of as many pixels as fit come back', async () => {
  for (const [kind, maxBytes] of [
    [2, 2046],
    [3, 2045],
  ] as const) {
    const channels = kind === 3 ? 3 : 1;
    let text = `P${kind}\n1500 3\n255\n`;
    for (let y = 0; y < 3; y++) {
      let line = '';
      for (let x = 0; x < 1500; x++) {
        const pixel = Array.from({ length: channels }, (_, c) => `${(x * x + y * 3 + c * 50) % 256} `).join('');
        if (line.length + pixel.length > maxBytes) {
          text += `${line}\n`;
          line = '';
        }
        line += pixel;
      }
      text += `${line}\n`;
    }
    assert.ok((await recipeBytes(Buffer.from(text))) < 50);
  }
});

test('irregular plain files have no recipe', async () => {
  for (const text of ['1  2 3 \n4 ', '1 # comment\n2 3 4 ', '007 8 9 10 ', '1\t2 3  4\n']) {
    const file = Buffer.from(`P2\n4 100\n255\n${text.repeat(100)}`);
    assert.equal(await hasRecipe(file), false, text);
  }
});
