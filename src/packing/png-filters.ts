import { PackingCoder } from './packing-coder.js';

/** The rows of a pass of a PNG file before filtering. */
export interface FilteredPass {
  readonly rowBytes: number;
  /** Distance in bytes between corresponding bytes of neighbouring pixels, at least 1. */
  readonly pixelBytes: number;
  /** [rows][rowBytes] */
  readonly rows: Uint8Array;
}

/**
 * Describes the filter type of each row, given the rows (docs/format/deflate.md).
 * @param passes one, or seven of an interlaced image
 * @param filters of the rows of all passes, 0 to 4
 */
export async function describeFilters(passes: readonly FilteredPass[], filters: Uint8Array): Promise<Uint8Array> {
  const room = 11 * filters.length + 64;
  const coder = await openCoder(passes, room);
  coder.wasm.openFilters(0, room);
  let row = 0;
  forEachRow(coder, passes, (code) => code(filters[row++]!));
  const length = coder.wasm.closeFilters();
  // Four decisions of a row cost at most 11 bytes, and only if all of them are surprises.
  if (length < 0) throw new RangeError('the filters do not fit');
  return withoutZeros(coder.read('payload', length));
}

/** Returns the filter type of each row. Any description makes some. */
export async function rebuildFilters(description: Uint8Array, passes: readonly FilteredPass[]): Promise<Uint8Array> {
  const rows = passes.reduce((sum, { rows: bytes, rowBytes }) => sum + bytes.length / rowBytes, 0);
  const used = description.subarray(0, 11 * rows + 64);
  const coder = await openCoder(passes, used.length);
  coder.write('payload', used);
  coder.wasm.openFilters(1, used.length);
  const filters = new Uint8Array(rows);
  let row = 0;
  forEachRow(coder, passes, (code) => (filters[row++] = code(0)));
  return filters;
}

async function openCoder(passes: readonly FilteredPass[], room: number): Promise<PackingCoder> {
  const coder = await PackingCoder.create();
  coder.prepareFilters(Math.max(1, ...passes.map(({ rowBytes }) => rowBytes)), room);
  return coder;
}

/** Calls `visit` for each row with a function that codes its filter. */
function forEachRow(
  coder: PackingCoder,
  passes: readonly FilteredPass[],
  visit: (code: (filter: number) => number) => void,
): void {
  for (const { rowBytes, pixelBytes, rows } of passes) {
    coder.write('stream', new Uint8Array(rowBytes));
    for (let start = 0; start < rows.length; start += rowBytes) {
      if (start > 0) coder.write('stream', rows.subarray(start - rowBytes, start));
      coder.write('raw', rows.subarray(start, start + rowBytes));
      const first = start === 0 ? 1 : 0;
      visit((filter) => coder.wasm.filterOfRow(filter, rowBytes, pixelBytes, first));
    }
  }
}

/** Returns the payload without zeros at its end, which the decoder assumes. */
function withoutZeros(payload: Uint8Array): Uint8Array {
  let length = payload.length;
  while (length > 0 && payload[length - 1] === 0) length--;
  return payload.subarray(0, length);
}
