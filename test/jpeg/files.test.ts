import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { latin1Bytes } from '#pixrnn/bytes.js';
import { drawnImage } from './drawn-pixels.js';
import { assertRebuilds, coefficientsOf } from './rebuild.js';
import { sampleFiles } from './sample-files.js';

test('files of sharp are rebuilt byte for byte, from records of a few bytes', async () => {
  for (const [width, height] of [
    [1, 1],
    [16, 16],
    [17, 9],
    [64, 48],
    [100, 75],
  ] as const) {
    for (const { name, bytes } of await sampleFiles(width, height)) {
      const { structure, literals } = assertRebuilds(bytes, `${name}, ${width} x ${height}`);
      const isMozjpeg = name.startsWith('mozjpeg');
      assert.ok(structure.length <= (isMozjpeg ? 100 : 50), `${name}: a record of ${structure.length} bytes`);
      assert.ok(literals.length <= 12, `${name}: ${literals.length} literal bytes`);
    }
  }
});

test('progressive files have the coefficients of sequential ones', async () => {
  for (const channels of [1, 3] as const) {
    for (const chromaSubsampling of ['4:2:0', '4:4:4']) {
      const [sequential, progressive] = await Promise.all(
        [false, true].map((isProgressive) => {
          return drawnImage(83, 61, channels)
            .jpeg({ quality: 90, progressive: isProgressive, chromaSubsampling })
            .toBuffer();
        }),
      );
      const expected = assertRebuilds(sequential!);
      const found = assertRebuilds(progressive!);
      expected.image.components.forEach((component, i) => {
        const other = found.image.components[i]!;
        for (let y = 0; y < component.visibleHigh; y++) {
          const [from, to] = [y * component.blocksWide * 64, (y * component.blocksWide + component.visibleWide) * 64];
          assert.deepEqual(other.coefficients.subarray(from, to), component.coefficients.subarray(from, to));
        }
      });
    }
  }
});

test('dequantised coefficients are the DCT of the samples that sharp decodes', async () => {
  const file = await drawnImage(24, 16, 1).toColourspace('b-w').jpeg({ quality: 90 }).toBuffer();
  const data = await sharp(file).toColourspace('b-w').raw().toBuffer();
  const { image } = assertRebuilds(file);
  const [component] = image.components;
  const { coefficients, quantisation, blocksWide } = component!;
  const basis = (x: number, u: number): number =>
    Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1);
  for (let y = 0; y < 16; y++) {
    for (let x = 0; x < 24; x++) {
      const block = ((y >> 3) * blocksWide + (x >> 3)) * 64;
      let sample = 128;
      for (let i = 0; i < 64; i++) {
        sample += (coefficients[block + i]! * quantisation[i]! * basis(x & 7, i & 7) * basis(y & 7, i >> 3)) / 4;
      }
      const distance = Math.abs(Math.min(255, Math.max(0, sample)) - data[y * 24 + x]!);
      assert.ok(distance <= 2, `the sample at ${x}, ${y} differs by ${distance}`);
    }
  }
});

test('metadata, fill bytes and bytes after the end are kept', async () => {
  const plain = await drawnImage(40, 30).jpeg().toBuffer();
  const comment = Buffer.from([0xff, 0xfe, 0, 7, ...latin1Bytes('hello')]);
  const fill = Buffer.from([0xff, 0xff, 0xff]);
  const junk = Buffer.from('junk between segments');
  const tail = Buffer.from('bytes after the end \xff\xd8\xff\xe0 of the file', 'latin1');
  const file = Buffer.concat([plain.subarray(0, 2), comment, junk, fill, plain.subarray(2), tail]);
  const parsed = assertRebuilds(file);
  assert.deepEqual(coefficientsOf(parsed), coefficientsOf(assertRebuilds(plain)));
  assert.equal(Buffer.from(parsed.literals).toString('latin1').includes('bytes after the end'), true);
  assertRebuilds(plain.subarray(0, plain.length - 2), 'a file without EOI');
  assertRebuilds(Buffer.concat([plain, Buffer.from([0xff])]), 'a file with half a marker after its end');
});

test('nested streams are parsed, down to the third level', async () => {
  const thumbnail = await drawnImage(32, 24).jpeg({ quality: 70 }).toBuffer();
  const preview = await drawnImage(64, 48, 3, 2).jpeg({ progressive: true }).toBuffer();
  const around = (stream: Buffer): Buffer => {
    const payload = Buffer.concat([Buffer.from('Exif\0\0 before '), stream, Buffer.from(' after')]);
    const head = Buffer.from([0xff, 0xe1, (payload.length + 2) >> 8, (payload.length + 2) & 0xff]);
    return Buffer.concat([preview.subarray(0, 2), head, payload, preview.subarray(2)]);
  };
  const parsed = assertRebuilds(Buffer.concat([around(thumbnail), preview, Buffer.from(' gap'), thumbnail]));
  assert.deepEqual(
    parsed.nested.map(({ image }) => image.width),
    [32, 64, 32],
  );
  assert.equal(Buffer.from(parsed.literals).toString('latin1'), 'Exif\0\0 before  after gap');

  let [level, depth] = [assertRebuilds(around(around(around(around(thumbnail))))), 0];
  for (; level.nested.length > 0; depth++) level = level.nested[0]!;
  assert.equal(depth, 3);
  assert.ok(level.literals.length > thumbnail.length);
});

test('a nested stream that is cut off stays literal', async () => {
  const thumbnail = await drawnImage(32, 24).jpeg().toBuffer();
  const file = Buffer.concat([await drawnImage(20, 20).jpeg().toBuffer(), thumbnail.subarray(0, thumbnail.length - 9)]);
  const { nested, literals } = assertRebuilds(file);
  assert.equal(nested.length, 0);
  assert.equal(literals.length, thumbnail.length - 9);
});
