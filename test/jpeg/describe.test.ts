import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JpegDescription, describeJpeg } from '#pixrnn/jpeg/describe.js';
import { drawnImage } from './drawn-pixels.js';
import { assertRebuilds } from './rebuild.js';
import { chooser, randomImage, syntheticFile } from './synthetic.js';

function describe(file: Uint8Array): JpegDescription {
  return describeJpeg(assertRebuilds(file));
}

test('process, scans, colours, sampling and quality', async () => {
  const image = drawnImage(48, 40);
  const baseline = describe(await image.clone().jpeg({ quality: 83 }).toBuffer());
  assert.equal(baseline.process, 'baseline');
  assert.deepEqual([baseline.scans, baseline.restartInterval], [1, 0]);
  assert.deepEqual([baseline.colours, baseline.sampling], ['YCbCr', '4:2:0']);
  assert.deepEqual(baseline.quality, { quality: 83, exact: true, tables: 'libjpeg' });
  assert.deepEqual([baseline.shape.width, baseline.shape.height, baseline.shape.precision], [48, 40, 8]);

  const progressive = describe(await image.clone().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer());
  assert.deepEqual([progressive.process, progressive.scans, progressive.sampling], ['progressive', 10, '4:4:4']);

  const gray = describe(await image.clone().toColourspace('b-w').jpeg().toBuffer());
  assert.deepEqual([gray.colours, gray.sampling], ['gray', 'none']);
  const cmyk = describe(await image.clone().toColourspace('cmyk').jpeg().toBuffer());
  assert.equal(cmyk.colours, 'CMYK');

  const mozjpeg = await image.clone().jpeg({ mozjpeg: true, quality: 70 }).toBuffer();
  assert.deepEqual(describe(mozjpeg).quality, { quality: 70, exact: true, tables: 'mozjpeg' });
  const at = mozjpeg.indexOf(Buffer.from([0xff, 0xdb])) + 10;
  mozjpeg[at]!++;
  assert.deepEqual(describe(mozjpeg).quality, { quality: 54, exact: false, tables: 'libjpeg' });
});

test('sampling factors without a name are listed', () => {
  const names: readonly [name: string, sampling: readonly number[]][] = [
    ['4:2:2', [0x21, 0x11, 0x11]],
    ['4:4:0', [0x12, 0x11, 0x11]],
    ['4:1:1', [0x41, 0x11, 0x11]],
    ['4:2:2', [0x22, 0x12, 0x12]],
    ['4:2:0', [0x22, 0x11, 0x11, 0x22]],
    ['2x2,2x1,1x2', [0x22, 0x21, 0x12]],
  ];
  for (const [name, sampling] of names) {
    const components = sampling.map((factors, id) => {
      return { id, horizontal: factors >> 4, vertical: factors & 15, quantisationSlot: 0 };
    });
    const frame = { marker: 0xc1, precision: 8, width: 20, height: 20, heightInDnl: false, components } as const;
    const all = components.map((_, index) => ({ index, dcSlot: 0, acSlot: 0 }));
    const scans = [{ components: all, first: 0, last: 63, high: 0, low: 0 }];
    const image = randomImage(frame, chooser([1]));
    const found = describe(syntheticFile({ frame, scans, image, restartInterval: 2 }));
    assert.deepEqual([found.sampling, found.process, found.restartInterval], [name, 'extended sequential', 2]);
  }
});

test('the camera comes from EXIF, also before a nested thumbnail and in damaged EXIF', async () => {
  const exif = { IFD0: { Make: 'Pixrnn Works', Model: 'Camera 1' } };
  const file = await drawnImage(48, 40).withExif(exif).jpeg().toBuffer();
  const camera = ({ make, model }: JpegDescription): unknown => [make, model];
  assert.deepEqual(camera(describe(file)), ['Pixrnn Works', 'Camera 1']);
  assert.deepEqual(camera(describe(await drawnImage(48, 40).jpeg().toBuffer())), [undefined, undefined]);

  const at = file.indexOf('Exif');
  const length = file.readUInt16BE(at - 2);
  const thumbnail = await drawnImage(16, 16).jpeg().toBuffer();
  const payload = Buffer.concat([file.subarray(at, at - 2 + length), thumbnail]);
  const head = Buffer.from([0xff, 0xe1, (payload.length + 2) >> 8, (payload.length + 2) & 0xff]);
  const withThumbnail = Buffer.concat([file.subarray(0, at - 4), head, payload, file.subarray(at - 2 + length)]);
  assert.equal(assertRebuilds(withThumbnail).nested.length, 1);
  assert.deepEqual(camera(describe(withThumbnail)), ['Pixrnn Works', 'Camera 1']);

  for (let i = at + 6; i < at + length - 2; i += 3) {
    for (const value of [0, 0xff]) {
      const damaged = Buffer.from(file);
      damaged[i] = value;
      describe(damaged);
    }
  }
});
