import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { oracleDecode, oracleEncode } from './arithmetic-coding.js';
import { TestingEngine, TOTAL, randomFrom } from './testing-engine.js';

/** Counts for u32[256] tables, each with the sum 2^22. */
const flat = new Uint32Array(256).fill(TOTAL / 256);

function skewed(favourite: number): Uint32Array {
  const counts = new Uint32Array(256).fill(1);
  counts[favourite] = TOTAL - 255;
  return counts;
}

/** Random counts: powers of a uniform number; a higher exponent makes them steeper. */
function randomTable(random: () => number, steepness: number): Uint32Array {
  const weights = Array.from({ length: 256 }, () => random() ** steepness);
  const sum = weights.reduce((a, b) => a + b, 0);
  const counts = Uint32Array.from(weights, (w) => 1 + Math.floor((w / sum) * (TOTAL - 256)));
  counts[0] = (counts[0] ?? 0) + TOTAL - counts.reduce((a, b) => a + b, 0);
  return counts;
}

/** Value 128 covers exactly the middle half, so each occurrence adds a pending bit, without end. */
function straddling(): Uint32Array {
  const counts = new Uint32Array(256).fill(1);
  counts[0] = TOTAL / 4 - 127;
  counts[128] = TOTAL / 2;
  counts[255] = TOTAL / 4 - 126;
  return counts;
}

function draw(counts: Uint32Array, random: () => number): number {
  let left = random() * TOTAL;
  for (let k = 0; k < 255; k++) {
    left -= counts[k] as number;
    if (left < 0) return k;
  }
  return 255;
}

/** Encodes with the engine; returns null on overflow. */
function encode(
  tables: Uint32Array[],
  picks: Uint8Array,
  symbols: Uint8Array,
  capacity = 3 * symbols.length + 8,
): Uint8Array | null {
  const engine = new TestingEngine();
  const at = [engine.put(concatenate(tables)), engine.put(picks), engine.put(symbols)] as const;
  const guard = 64;
  const output = engine.allocate(capacity + guard);
  engine.bytes(output, capacity + guard).fill(0xa5);
  const length = engine.exports.encodeSymbols(...at, symbols.length, output, capacity);
  assert.ok(
    engine.bytes(output + capacity, guard).every((byte) => byte === 0xa5),
    'wrote beyond the capacity',
  );
  assert.ok(engine.exports.bytesWritten() <= capacity);
  return length < 0 ? null : engine.bytes(output, length).slice();
}

function decode(tables: Uint32Array[], picks: Uint8Array, stream: Uint8Array): Uint8Array {
  const engine = new TestingEngine();
  const at = [engine.put(concatenate(tables)), engine.put(picks)] as const;
  const symbols = engine.allocate(picks.length);
  // Bytes after the input must not be read.
  const input = engine.allocate(stream.length + 16);
  engine
    .bytes(input, stream.length + 16)
    .fill(0xff)
    .set(stream);
  engine.exports.decodeSymbols(...at, symbols, picks.length, input, stream.length);
  return engine.bytes(symbols, picks.length).slice();
}

function concatenate(tables: Uint32Array[]): Uint32Array {
  const all = new Uint32Array(tables.length * 256);
  tables.forEach((table, i) => all.set(table, i * 256));
  return all;
}

/** Compares both directions with the package and with each other. */
function assertIdentical(tables: Uint32Array[], picks: Uint8Array, symbols: Uint8Array): Uint8Array {
  const expected = oracleEncode(tables, picks, symbols);
  const stream = encode(tables, picks, symbols);
  assert.ok(stream !== null);
  assert.ok(Buffer.from(stream).equals(expected), 'the streams differ');
  assert.ok(Buffer.from(decode(tables, picks, stream)).equals(symbols), 'the engine decodes other symbols');
  assert.ok(Buffer.from(oracleDecode(tables, picks, stream)).equals(symbols), 'the package decodes other symbols');
  return stream;
}

describe('arithmetic coder against arithmetic-coding@1.2.3', () => {
  it('writes and reads the same 300,000 symbols of mixed tables', () => {
    const random = randomFrom(1);
    const tables = [flat, skewed(0), skewed(255), skewed(77), straddling()];
    for (const steepness of [1, 3, 10, 30, 100, 1000]) tables.push(randomTable(random, steepness));
    const picks = Uint8Array.from({ length: 300_000 }, () => Math.floor(random() * tables.length));
    // Mostly likely values, occasionally any value.
    const symbols = picks.map((pick) =>
      random() < 0.05 ? Math.floor(random() * 256) : draw(tables[pick] as Uint32Array, random),
    );
    assertIdentical(tables, picks, symbols);
  });

  it('codes the least likely value every time', () => {
    const symbols = Uint8Array.from({ length: 5000 }, (_, i) => i % 256);
    const stream = assertIdentical([skewed(7)], new Uint8Array(5000), symbols);
    assert.ok(stream.length > (4900 * 22) / 8);
  });

  it('codes the most likely value every time', () => {
    const stream = assertIdentical([skewed(7)], new Uint8Array(30_000), new Uint8Array(30_000).fill(7));
    assert.ok(stream.length <= 2, '30,000 * 8.8e-5 bits');
  });

  it('carries long runs of underflow bits, to either side and to the end', () => {
    for (const ending of [[0], [255], [128], [0, 128, 128, 255], [1, 1, 1]]) {
      for (const run of [1, 23, 31, 32, 33, 62, 63, 64, 65, 20_000]) {
        const symbols = Uint8Array.from([...new Array<number>(run).fill(128), ...ending]);
        assertIdentical([straddling()], new Uint8Array(symbols.length), symbols);
      }
    }
    const random = randomFrom(2);
    const mixed = Uint8Array.from({ length: 20_000 }, () => {
      const u = random();
      return u < 0.98 ? 128 : u < 0.985 ? 0 : u < 0.99 ? 255 : Math.floor(random() * 256);
    });
    assertIdentical([straddling()], new Uint8Array(mixed.length), mixed);
  });

  it('codes every single symbol alone, and none', () => {
    const table = randomTable(randomFrom(3), 8);
    for (let k = 0; k < 256; k++) {
      for (const counts of [flat, table, skewed(k), skewed(255 - k)]) {
        assertIdentical([counts], Uint8Array.of(0), Uint8Array.of(k));
      }
    }
    const empty = assertIdentical([flat], new Uint8Array(0), new Uint8Array(0));
    assert.deepEqual([...empty], [0x80]);
  });

  it('codes binary decisions of any probability', () => {
    const random = randomFrom(4);
    const n = 20_000;
    const splits = Uint32Array.from({ length: 200 }, (_, i) =>
      i === 0 ? 1 : i === 1 ? TOTAL - 1 : i === 2 ? TOTAL / 2 : 1 + Math.floor(random() ** 4 * (TOTAL - 2)),
    );
    const picks = Uint8Array.from({ length: n }, () => Math.floor(random() * splits.length));
    const decisions = picks.map((pick) => (random() * TOTAL < (splits[pick] as number) ? 0 : 1));
    const tables = [...splits].map((split) => [split, TOTAL - split]);
    const expected = oracleEncode(tables, picks, decisions);

    const engine = new TestingEngine();
    const perDecision = engine.put(Uint32Array.from(picks, (pick) => splits[pick] as number));
    const output = engine.allocate(3 * n + 8);
    const length = engine.exports.encodeDecisions(perDecision, engine.put(decisions), n, output, 3 * n + 8);
    assert.ok(Buffer.from(engine.bytes(output, length)).equals(expected));
    const decoded = engine.allocate(n);
    engine.exports.decodeDecisions(perDecision, decoded, n, output, length);
    assert.ok(Buffer.from(engine.bytes(decoded, n)).equals(decisions));
  });
});

describe('arithmetic decoder on streams that no encoder wrote', () => {
  const random = randomFrom(5);
  const tables = [flat, skewed(0), skewed(255), straddling(), randomTable(random, 20)];

  it('decodes garbage as the package does, and reads zeros after the end', () => {
    const picks = Uint8Array.from({ length: 3000 }, () => Math.floor(random() * tables.length));
    const inputs = [
      new Uint8Array(0),
      Uint8Array.of(0xff),
      new Uint8Array(500),
      new Uint8Array(500).fill(0xff),
      new Uint8Array(500).fill(0x7f),
    ];
    for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 9, 500, 3000]) {
      inputs.push(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
    }
    for (const input of inputs) {
      assert.ok(Buffer.from(decode(tables, picks, input)).equals(oracleDecode(tables, picks, input)));
    }
  });

  it('decodes a million symbols of noise and encodes them again', () => {
    const picks = Uint8Array.from({ length: 1_000_000 }, () => Math.floor(random() * tables.length));
    const noise = Uint8Array.from({ length: 400_000 }, () => Math.floor(random() * 256));
    const symbols = decode(tables, picks, noise);
    // The decoded symbols encode to a stream that begins with the same bytes.
    const stream = encode(tables, picks, symbols);
    assert.ok(stream !== null);
    const same = Math.min(stream.length, noise.length) - 8;
    assert.ok(Buffer.from(stream.subarray(0, same)).equals(noise.subarray(0, same)));
  });

  it('reads a negative length as 0', () => {
    const engine = new TestingEngine();
    const input = engine.put(new Uint8Array(16).fill(0xff));
    const symbols = engine.allocate(4);
    engine.exports.decodeSymbols(engine.put(flat), engine.put(new Uint8Array(4)), symbols, 4, input, -5);
    assert.deepEqual([...engine.bytes(symbols, 4)], [0, 0, 0, 0]);
  });
});

describe('arithmetic encoder at its capacity', () => {
  it('fits exactly, and reports one missing byte', () => {
    const random = randomFrom(6);
    for (let n = 0; n < 40; n++) {
      const symbols = Uint8Array.from({ length: n }, () => Math.floor(random() * 256));
      const picks = new Uint8Array(n);
      const stream = encode([flat], picks, symbols);
      assert.ok(stream !== null && stream.length === n + 1);
      assert.deepEqual(encode([flat], picks, symbols, stream.length), stream);
      for (let capacity = 0; capacity < stream.length; capacity++) {
        assert.equal(encode([flat], picks, symbols, capacity), null);
      }
    }
  });

  it('gives up on a pending run that does not fit', () => {
    const symbols = new Uint8Array(100_000).fill(128);
    symbols[symbols.length - 1] = 0;
    assert.equal(encode([straddling()], new Uint8Array(symbols.length), symbols, 12_000), null);
    assert.notEqual(encode([straddling()], new Uint8Array(symbols.length), symbols, 12_600), null);
  });

  it('works again after an overflow', () => {
    const engine = new TestingEngine();
    const output = engine.allocate(16);
    const job = [engine.put(flat), engine.put(new Uint8Array(9)), engine.put(Uint8Array.from('pixel rnn'))] as const;
    assert.equal(engine.exports.encodeSymbols(...job, 9, output, 5), -1);
    assert.equal(engine.exports.encodeSymbols(...job, 9, output, 16), 10);
  });
});
