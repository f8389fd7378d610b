/** The npm package `arithmetic-coding` as the oracle of the coder's tests, without any code of src/. */
import { createRequire } from 'node:module';

type Table = object;
type Class<Arguments extends unknown[], Instance> = new (...given: Arguments) => Instance;

const load = createRequire(import.meta.url);
const part = (name: string): unknown => load(`arithmetic-coding/src/${name}.js`);
const FrequencyTable = part('frequency-table') as Class<[counts: ArrayLike<number>], Table>;
const BitOutput = part('bit-output-stream-buffer') as Class<[], { readonly buffer: Buffer }>;
const BitInput = part('bit-input-stream-buffer') as Class<[bytes: Buffer], object>;
const Encoder = part('arithmetic-encoder') as Class<
  [bits: number, output: object],
  { write(table: Table, symbol: number): void; finish(): void }
>;
const Decoder = part('arithmetic-decoder') as Class<[bits: number, input: object], { read(table: Table): number }>;
const BITS = 31;

/** Encodes symbols[i] with tables[picks[i]]. */
export function oracleEncode(tables: ArrayLike<number>[], picks: Uint8Array, symbols: Uint8Array): Uint8Array {
  const built = tables.map((counts) => new FrequencyTable(counts));
  const output = new BitOutput();
  const encoder = new Encoder(BITS, output);
  symbols.forEach((symbol, i) => encoder.write(built[picks[i] ?? 0] as Table, symbol));
  encoder.finish();
  return new Uint8Array(output.buffer);
}

/** Decodes as many symbols as there are picks. */
export function oracleDecode(tables: ArrayLike<number>[], picks: Uint8Array, stream: Uint8Array): Uint8Array {
  const built = tables.map((counts) => new FrequencyTable(counts));
  const decoder = new Decoder(BITS, new BitInput(Buffer.from(stream)));
  return picks.map((pick) => decoder.read(built[pick] as Table));
}
