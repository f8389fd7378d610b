import { compressBrotli, decompressBrotli } from '../brotli.js';
import { PixrnnError } from '../errors.js';

/** Describes the filter type of each row. */
export function describeFilters(
  _passes: readonly { readonly rowBytes: number; readonly rows: Uint8Array }[],
  filters: Uint8Array,
): Promise<Uint8Array> {
  return compressBrotli(filters);
}

/**
 * Returns the filter type of each row.
 * @throws PixrnnError 'file-corrupt'
 */
export async function rebuildFilters(
  description: Uint8Array,
  passes: readonly { readonly rowBytes: number; readonly rows: Uint8Array }[],
): Promise<Uint8Array> {
  const count = passes.reduce((sum, { rows, rowBytes }) => sum + rows.length / rowBytes, 0);
  const filters = await decompressBrotli(description, count).catch((cause: unknown) => {
    throw malformed(cause);
  });
  if (filters.length !== count || filters.some((filter) => filter > 4)) throw malformed();
  return filters;
}

function malformed(cause?: unknown): PixrnnError {
  return new PixrnnError('file-corrupt', 'its description of PNG filters is malformed. Get the file again.', { cause });
}
