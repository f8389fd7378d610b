/** The npm package as the oracle of the coder's tests. */
import { PackageDecoder, PackageEncoder, type Table, packageTable } from '#pixrnn/report/arithmetic-coding.js';

/** Encodes symbols[i] with tables[picks[i]]. */
export function oracleEncode(tables: ArrayLike<number>[], picks: Uint8Array, symbols: Uint8Array): Uint8Array {
  const built = tables.map(packageTable);
  const encoder = new PackageEncoder();
  symbols.forEach((symbol, i) => encoder.write(built[picks[i] ?? 0] as Table, symbol));
  return encoder.finish();
}

/** Decodes as many symbols as there are picks. */
export function oracleDecode(tables: ArrayLike<number>[], picks: Uint8Array, stream: Uint8Array): Uint8Array {
  const built = tables.map(packageTable);
  const decoder = new PackageDecoder(stream);
  return picks.map((pick) => decoder.read(built[pick] as Table));
}
