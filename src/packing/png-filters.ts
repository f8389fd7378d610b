import { compressBrotli, decompressBrotli } from '../brotli.js';

/** Describes the filter type of each row. */
export function describeFilters(
  _passes: readonly { readonly rowBytes: number; readonly rows: Uint8Array }[],
  filters: Uint8Array,
): Promise<Uint8Array> {
  return compressBrotli(filters);
}

/** Returns the filter type of each row. */
export function rebuildFilters(
  description: Uint8Array,
  passes: readonly { readonly rowBytes: number; readonly rows: Uint8Array }[],
): Promise<Uint8Array> {
  return decompressBrotli(
    description,
    passes.reduce((sum, { rows, rowBytes }) => sum + rows.length / rowBytes, 0),
  );
}
