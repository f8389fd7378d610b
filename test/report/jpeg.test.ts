import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { BITS_PER_BLOCK } from '#pixrnn/heat-map/bit-map.js';
import { blockMap } from '#pixrnn/heat-map/block-map.js';
import { csvTable } from '#pixrnn/report/csv-table.js';
import type { JpegEntry, PixelsEntry } from '#pixrnn/report/entry.js';
import { reportPage } from '#pixrnn/report/html/page.js';
import { jpegTotalOf } from '#pixrnn/report/jpeg.js';
import { componentShares } from '#pixrnn/report/jpeg-components.js';
import { jpegTable } from '#pixrnn/report/jpeg-table.js';
import { blobs } from '../../fixtures/draw.js';
import { arithmeticFile, cameraFile } from '../codec/jpeg-files.js';
import { jpegImage, shapeOf, YCC_420 } from '../engine/jpeg-images.js';
import { sampleFiles } from '../jpeg/sample-files.js';
import { entriesOf } from './entries.js';
import { jpegEntriesOf } from './jpeg-entries.js';

const CAMERA = await cameraFile(80, 48);
const SAMPLES = await sampleFiles(33, 21);
const [GRAY, CMYK] = ['gray', 'CMYK'].map((wanted) => SAMPLES.find(({ name }) => name === wanted)!.bytes);

let entries: JpegEntry[];
let pixels: PixelsEntry[];
before(async () => {
  entries = await jpegEntriesOf([
    ['camera.jpg', CAMERA],
    ['gray.jpg', GRAY!],
    ['cmyk.jpg', CMYK!],
    ['stored.jpg', arithmeticFile(CAMERA)],
  ]);
  pixels = await entriesOf([['a.png', blobs({ width: 30, height: 20 })]]);
});

test('the figures of coefficients add up to the coded bytes', () => {
  for (const { file, figures } of entries.slice(0, 3)) {
    const { coefficients, coefficientBytes, ratio, sourceBytes, prnnBytes } = figures;
    assert.ok(coefficients);
    const { components, bits, bitsPerBlock, bitsPerCoefficient, dcShare } = coefficients;
    const sum = (of: (component: (typeof components)[number]) => number): number =>
      components.reduce((total, component) => total + of(component), 0);
    assert.ok(Math.abs(bits - 8 * coefficientBytes) <= 8, `${file}: ${bits} bits, ${coefficientBytes} bytes`);
    assert.ok(Math.abs(bits - sum((component) => component.bits)) < 1e-6);
    assert.ok(Math.abs(bitsPerBlock - bits / sum(({ blocks }) => blocks)) < 1e-9);
    assert.ok(Math.abs(bitsPerBlock - 64 * bitsPerCoefficient) < 1e-9);
    assert.ok(dcShare > 0 && dcShare < 1);
    assert.equal(ratio, prnnBytes / sourceBytes);
  }
  const names = entries.map(({ figures }) => figures.coefficients?.components.map(({ name }) => name).join(' '));
  assert.deepEqual(names, ['Y Cb Cr', 'Y', 'C M Y K', undefined]);
  // 80 x 48 pixels of 4:2:0: 10 x 6 blocks, and 5 x 3 of each chroma component.
  assert.deepEqual(entries[0]?.figures.coefficients?.components.map(({ blocks }) => blocks), [60, 15, 15]); // prettier-ignore
  assert.match(componentShares(entries[0].figures.coefficients.components), /^Y \d+ %, Cb \d+ %, Cr \d+ %$/);
});

test('a stored file has sizes only', () => {
  const { figures, pictures } = entries[3]!;
  assert.match(figures.storedBecause ?? '', /arithmetic/);
  assert.deepEqual([figures.coefficients, pictures, figures.coefficientBytes], [null, null, 0]);
});

test('the map spreads the bits of each block over the pixels that it covers', () => {
  const image = jpegImage({ sampling: YCC_420, wide: 2, high: 1 }, () => 0);
  const shape = { ...shapeOf(image), width: 32, height: 16 };
  // AC and DC of eight luma blocks and of two blocks of each chroma component.
  const luma = Float32Array.from({ length: 16 }, (_, at) => (at === 6 ? 30 : at === 7 ? 10 : 0));
  const cb = Float32Array.of(0, 0, 100, 20);
  const { width, height, bits } = blockMap(shape, [luma, cb, new Float32Array(4)]);
  assert.deepEqual([width, height, bits.length], [32, 16, 512]);
  const at = (x: number, y: number): number => bits[32 * y + x] ?? NaN;
  assert.deepEqual([at(0, 0), at(15, 15), at(16, 0), at(31, 15)], [0, 0, 30, 30], 'a quarter of the chroma block');
  assert.deepEqual([at(24, 0), at(31, 7), at(24, 8), at(23, 7)], [70, 70, 30, 30]);
  const total = bits.reduce((sum, value) => sum + value, 0) / 64;
  assert.equal(total, 160, 'all bits');
});

test('the mean of a map is that of the coefficients, also of incomplete blocks', () => {
  for (const { file, pictures, figures } of entries.slice(0, 3)) {
    assert.ok(pictures && figures.coefficients, file);
    assert.equal(pictures.unit, BITS_PER_BLOCK);
    const { width, height } = figures;
    assert.ok(Math.abs(pictures.meanBits - (64 * figures.coefficients.bits) / (width * height)) < 1e-6);
  }
  // Of a whole number of MCUs, so that all blocks are on the map.
  const { counts, meanBits } = entries[0]!.pictures!;
  assert.ok(counts.quantile(0) <= meanBits && counts.quantile(1) >= meanBits);
});

test('pictures are turned upright, like their maps', async () => {
  const { pictures } = entries[0]!; // orientation 6: 80 x 48 as stored
  assert.deepEqual([pictures?.width, pictures?.height], [48, 80]);
  const sizes = [pictures?.picture, pictures?.map].map(async (uri) => {
    const { width, height, orientation } = await sharp(Buffer.from(uri!.split(',')[1]!, 'base64')).metadata();
    return [width, height, orientation];
  });
  assert.deepEqual(await Promise.all(sizes), [[48, 80, undefined], [48, 80, undefined]]); // prettier-ignore
});

test('CSV has the columns of both kinds of images, each empty for the other', () => {
  const lines = csvTable([pixels[0]!, ...entries])
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const cell = (row: number, name: string): string | undefined => lines[row]?.[lines[0]!.indexOf(name)];
  const { figures } = entries[0]!;
  const components = figures.coefficients!.components;
  assert.deepEqual(
    ['format', 'prnn_bytes', 'ratio', 'bits_per_coefficient', 'bits_per_block', 'sampling'].map((name) =>
      cell(2, name),
    ),
    ['JPEG', ...[figures.prnnBytes, figures.ratio].map(String)].concat(
      [figures.coefficients!.bitsPerCoefficient, figures.coefficients!.bitsPerBlock].map(String),
      '4:2:0',
    ),
  );
  assert.deepEqual(
    ['luma_bits', 'cb_bits', 'cr_bits'].map((name) => cell(2, name)),
    components.map(({ bits }) => String(bits)),
  );
  assert.deepEqual([cell(2, 'bits_per_dim'), cell(2, 'channels'), cell(2, 'model')], ['', '', '']);
  assert.deepEqual([cell(1, 'bits_per_block'), cell(1, 'record_bytes')], ['', '']);
  assert.equal(cell(1, 'ratio'), String(pixels[0]!.figures.prnnBytes / 1000));
  assert.deepEqual([cell(4, 'luma_bits'), cell(5, 'bits_per_block')], ['', ''], 'yellow is no luma; stored');
  assert.match(cell(5, 'stored_because') ?? '', /arithmetic/);
});

test('the table lists rates, shares and a total', () => {
  const rows = entries.map(({ file, figures }) => ({ name: file, figures }));
  const table = jpegTable(rows, jpegTotalOf(entries.map(({ figures }) => figures)));
  assert.match(
    table,
    /^80 x 48 JPEG +[\d,]+ +[\d,]+ +0\.\d{4} +\d+\.\d{3} +\d+\.\d{3} +\d+\.\d{3} +\d+\.\d\d +\d+\.\d % {2}Y \d+ %, Cb \d+ %, Cr \d+ % +camera\.jpg$/m,
  );
  assert.match(table, /^80 x 48 JPEG .* - +- +- {2}- +stored\.jpg \(stored\)$/m);
  assert.match(table, /^ +[\d,]+ +[\d,]+ +[01]\.\d{4} .* total of 4$/m);
});

test('the page shows JPEG files next to other images', () => {
  const all = [...entries, ...pixels];
  const page = reportPage({ entries: all, names: all.map(({ file }) => file), failed: 0, made: new Date(0) });
  assert.equal(page.match(/<article /g)?.length, 4);
  assert.equal(page.match(/<td data-key="">JPEG<\/td>/g)?.length, 4, 'JPEG instead of bits/dim');
  for (const text of ['JPEG 4:2:0', 'JPEG gray', 'JPEG 4:4:4', 'JPEG, stored', 'bits per 8 × 8 pixels']) {
    assert.ok(page.includes(text), text);
  }
  assert.match(page, /5 images · \d+\.\d{3} bits\/dim \(1 image\) · \d+\.\d % of the JPEG files \(4 images\)/);
  assert.match(page, /<dt>Cr<\/dt><dd>[\d,]+ bytes in 15 blocks, \d+\.\d bits per block, DC [\d,]+ bytes<\/dd>/);
  assert.ok(page.includes('JPEG files that are stored as they are have no map.') && !page.includes('Only '));
  assert.match(page, /<figcaption>Bits per pixel over all/);
  assert.match(page, /<figcaption>Bits per 8 × 8 pixels over all/);
  assert.match(page, /<figcaption>Size relative to the JPEG file/);
  const one = reportPage({ entries: [entries[1]!], names: ['g'], failed: 0, made: new Date(0) });
  assert.match(one, /One image · \d+\.\d % of the JPEG file · /);
  assert.ok(!one.includes('−log₂') && !one.includes('<tfoot>'));
});
