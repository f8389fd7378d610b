import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { samplesDigest } from '#pixrnn/codec/check.js';
import { crc32 } from '#pixrnn/crc32.js';
import { type Container, decodeContainer, encodeContainer } from '#pixrnn/codec/container.js';
import { TOGETHER } from './samples.js';

const FORMAT = readFileSync(new URL('../../../docs/FORMAT.md', import.meta.url), 'utf8');

/** Returns the fenced blocks of one '## ' section of docs/FORMAT.md, without their fences. */
function blocks(heading: string): string[] {
  const section = FORMAT.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  assert.ok(section, `docs/FORMAT.md has no section '${heading}'`);
  return [...section.matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1]!);
}

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

test('the encoder writes the worked example', () => {
  const [dump] = blocks('Worked example');
  // A line consists of bytes, at least two spaces, and their meaning.
  const bytes = bytesOf(
    dump!
      .split('\n')
      .map((line) => line.split('  ')[0]!)
      .join(''),
  );

  const samples = Uint8Array.of(0x80);
  const container: Container = {
    header: {
      ...{ width: 1, height: 1, channels: 1, depth: 8, indexed: false },
      ...{ rgbModel: null, grayModel: null, effort: 3 },
    },
    metadata: [],
    restoration: null,
    activeAlphabet: null,
    image: [{ ...TOGETHER, colours: { representation: 'raw', payload: samples }, samplesCrc: null }],
    digest: samplesDigest(samples),
  };
  assert.deepEqual(encodeContainer(container), bytes);
  assert.deepEqual(decodeContainer(bytes), container);

  for (const [, hex, crc] of dump!.matchAll(/the CRC-32 of ([0-9A-F ]+) is 0x(\w+)/g)) {
    assert.equal(crc32(bytesOf(hex!)), parseInt(crc!, 16));
  }
});

/** The used part of the npm package `arithmetic-coding`, the oracle for the coder. */
interface Frequencies {
  total: number;
  getLow: (symbol: number) => number;
  getHigh: (symbol: number) => number;
}
type Encoder = new (
  stateBits: number,
  output: { write: (bit: number) => void; close: () => void },
) => { write: (frequencies: Frequencies, symbol: number) => void; finish: () => void };

const OracleEncoder = createRequire(import.meta.url)('arithmetic-coding/src/arithmetic-encoder.js') as Encoder;

function oracleEncode(cumulative: number[], symbols: number[]): Uint8Array {
  const bits: number[] = [];
  const encoder = new OracleEncoder(31, { write: (bit) => bits.push(bit), close: () => undefined });
  const frequencies = {
    total: 2 ** 22,
    getLow: (s: number) => cumulative[s]!,
    getHigh: (s: number) => cumulative[s + 1]!,
  };
  for (const symbol of symbols) encoder.write(frequencies, symbol);
  encoder.finish();
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Array.from({ length: 8 }, (_, k) => bits[8 * i + k] ?? 0).reduce((byte, bit) => 2 * byte + bit, 0),
  );
}

const coderBlocks = blocks('Arithmetic coder');
const decoderSource = coderBlocks.find((block) => block.startsWith('function decodeSymbols'))!;
const decodeSymbols = runInNewContext(`(${decoderSource})`) as (
  bytes: Uint8Array,
  c: number[],
  count: number,
) => number[];

test("the oracle writes the arithmetic coder's example, and the documented decoder reads it", () => {
  const example = coderBlocks.at(-1)!;
  const field = (name: string) => new RegExp(`^${name} +(.*)$`, 'm').exec(example)![1]!;
  const cumulative = field('cumulative').split(' ').map(Number);
  const symbols = field('symbols').split(' ').map(Number);
  const bytes = bytesOf(field('bytes'));
  assert.deepEqual(oracleEncode(cumulative, symbols), bytes);
  assert.deepEqual([...decodeSymbols(bytes, cumulative, symbols.length)], symbols);
});

test('the documented decoder reads every stream of the oracle', () => {
  const cuts = fc.uniqueArray(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2 ** 22 - 1 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(cuts, fc.array(fc.nat(), { maxLength: 300 }), (inner, picks) => {
      const cumulative = [0, ...inner.sort((a, b) => a - b), 2 ** 22];
      const symbols = picks.map((pick) => pick % (cumulative.length - 1));
      assert.deepEqual([...decodeSymbols(oracleEncode(cumulative, symbols), cumulative, symbols.length)], symbols);
    }),
  );
});
