import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InflateError, type Zlib } from '#pixrnn/host/host.js';
import { portableSha256, portableZlib } from '#pixrnn/host/portable.js';
import { nodeHost } from '#pixrnn/node/host.js';
import { noise } from '../../fixtures/draw.js';

const HOSTS: readonly (readonly [string, Zlib])[] = [
  ['Node.js', nodeHost.zlib],
  ['the portable packages', portableZlib],
];
const repetitive = new Uint8Array(300_000).fill(7);
const random = noise({ width: 300, height: 200, channels: 3 }).samples;
const kind = (wanted: InflateError['kind']) => (error: unknown) =>
  error instanceof InflateError && error.kind === wanted;

for (const [name, zlib] of HOSTS) {
  describe(`zlib of ${name}`, () => {
    for (const data of [new Uint8Array(0), Uint8Array.of(1, 2, 3), repetitive, random]) {
      it(`inflates the bytes that it deflates: ${data.length} bytes`, async () => {
        for (const options of [{ level: 9 }, { level: 9, memLevel: 9, strategy: 1 as const }]) {
          const stream = await zlib.deflate(data, options);
          assert.deepEqual(new Uint8Array(zlib.deflateSync(data, options)), new Uint8Array(stream));
          for (const [other, decoder] of HOSTS) {
            const { bytes, consumed } = decoder.inflate(stream, data.length);
            assert.deepEqual([new Uint8Array(bytes), consumed], [data, stream.length], other);
          }
        }
      });
    }

    const stream = zlib.deflateSync(random, { level: 6 });
    it('stops at the end of the stream', () => {
      const longer = new Uint8Array([...stream, 1, 2, 3]);
      assert.equal(zlib.inflate(longer, random.length).consumed, stream.length);
    });

    it('reports why a stream does not inflate', () => {
      assert.throws(() => zlib.inflate(stream, random.length - 1), kind('too-large'));
      assert.throws(() => zlib.inflate(zlib.deflateSync(Uint8Array.of(1), { level: 9 }), 0), kind('too-large'));
      assert.throws(() => zlib.inflate(stream.subarray(0, stream.length - 1), random.length), kind('incomplete'));
      assert.throws(() => zlib.inflate(new Uint8Array(0), 9), kind('incomplete'));
      const damaged = Uint8Array.from(stream);
      damaged[stream.length - 1]! ^= 1;
      assert.throws(() => zlib.inflate(damaged, random.length), kind('damaged'));
      assert.throws(() => zlib.inflate(Uint8Array.of(0x1f, 0x8b, 8, 0), 9), kind('damaged'), 'gzip is no zlib stream');
    });
  });
}

describe('SHA-256', () => {
  it('is the same on every host, in any number of parts', () => {
    const ours = nodeHost.sha256().update(random.subarray(0, 1000)).update(random.subarray(1000)).digest();
    assert.equal(ours.length, 32);
    assert.deepEqual(portableSha256().update(random).digest(), ours);
    const abc = Buffer.from(portableSha256().update(Buffer.from('abc')).digest()).toString('hex');
    assert.equal(abc, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'); // FIPS 180-4
  });
});
