import { crc32 } from 'node:zlib';

/* docs/format/parity.md, written from the page alone: plain arithmetic, and elimination instead of a closed form. */

interface Layout {
  fileBytes: number;
  fileCrc: number;
  blockBytes: number;
  m: number;
  S: number;
  n: number;
  P: number;
  groups: number;
  groupBlocks: number;
  shares: number;
  shareBytes: number;
  packetBytes: number;
}

/** "Parity of blocks": a product of polynomials modulo x^8 + x^4 + x^3 + x^2 + 1, by long multiplication. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 15; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11d << (bit - 8);
  return product;
}

const INVERSES = Array.from({ length: 256 }, (_, a) => {
  let b = 1;
  while (a !== 0 && times(a, b) !== 1) b++;
  return b;
});

const coefficient = (row: number, column: number): number => INVERSES[(255 - row) ^ column]!;

/** "Layout": null for an invalid record, which begins with the magic. */
function layoutOf(record: Buffer): Layout | null {
  if (record.length !== 18 || record.readUInt32BE(0) !== 0x8f705253) return null;
  const [fileBytes, fileCrc, blockBytes] = [record.readUInt32BE(4), record.readUInt32BE(8), record.readUInt16BE(12)];
  const [m, S] = [record.readUInt8(14), record.readUIntBE(15, 3)];
  const n = Math.ceil(fileBytes / blockBytes);
  if (fileBytes < 1 || blockBytes < 16 || m < 1 || S < 1 || S > n) return null;
  const columns = Math.ceil(n / S);
  if (columns + m > 256 || m > Math.max(2, columns)) return null;
  const P = S * m;
  const groups = Math.ceil(P / 192);
  const groupBlocks = Math.ceil(n / groups);
  const shares = Math.max(1, Math.floor(Math.floor(P / groups) / 3));
  const shareBytes = Math.ceil((4 * groupBlocks) / shares);
  const packetBytes = blockBytes + shareBytes + 22;
  return { fileBytes, fileCrc, blockBytes, m, S, n, P, groups, groupBlocks, shares, shareBytes, packetBytes };
}

function fourBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const crcOf = (number: number, bytes: Buffer): number => crc32(Buffer.concat([fourBytes(number), bytes]));

/** "Packets": packet j without its CRC; null if it is not sound. */
function packet(bytes: Buffer, layout: Layout, record: Buffer, j: number): Buffer | null {
  const start = layout.fileBytes + j * layout.packetBytes;
  const content = bytes.subarray(start, start + layout.packetBytes - 4);
  if (start + layout.packetBytes > bytes.length || !content.subarray(-18).equals(record)) return null;
  return crcOf(j, content) === bytes.readUInt32BE(start + content.length) ? content : null;
}

/** "Finding the trailer". */
function find(bytes: Buffer): { layout: Layout; record: Buffer } | null {
  for (let at = bytes.length - 22; at >= 0; at--) {
    const record = bytes.subarray(at, at + 18);
    const layout = layoutOf(record);
    if (!layout) continue;
    const j = (at + 22 - layout.fileBytes) / layout.packetBytes - 1;
    if (Number.isInteger(j) && j >= 0 && j < layout.P && packet(bytes, layout, record, j)) return { layout, record };
  }
  return null;
}

interface Equation {
  left: number[];
  right: Uint8Array;
}

/** Solves for the missing columns by elimination; null if there are too few rows. `rows` has the bytes of each row by its index. */
function solve(columns: (Buffer | null)[], rows: Map<number, Buffer>): Buffer[] | null {
  const missing = columns.flatMap((column, c) => (column ? [] : [c]));
  if (rows.size < missing.length) return null;
  const equations = [...rows].slice(0, missing.length).map(([row, bytes]): Equation => {
    const right = Uint8Array.from(bytes);
    columns.forEach((column, c) => column?.forEach((byte, i) => (right[i]! ^= times(coefficient(row, c), byte))));
    return { left: missing.map((c) => coefficient(row, c)), right };
  });
  const scale = ({ left, right }: Equation, by: number): Equation => ({
    left: left.map((a) => times(a, by)),
    right: right.map((a) => times(a, by)),
  });
  const add = (a: Equation, b: Equation): Equation => ({
    left: a.left.map((value, i) => value ^ b.left[i]!),
    right: a.right.map((value, i) => value ^ b.right[i]!),
  });
  for (let k = 0; k < missing.length; k++) {
    const at = equations.findIndex(({ left }, i) => i >= k && left[k] !== 0);
    [equations[k], equations[at]] = [equations[at]!, equations[k]!];
    equations[k] = scale(equations[k]!, INVERSES[equations[k]!.left[k]!]!);
    for (let i = 0; i < missing.length; i++) {
      if (i !== k) equations[i] = add(equations[i]!, scale(equations[k]!, equations[i]!.left[k]!));
    }
  }
  return equations.map(({ right }) => Buffer.from(right));
}

/** "Restoring": the file without its trailer; null if it cannot be restored. */
export function documentedFile(given: Uint8Array): Buffer | null {
  const bytes = Buffer.from(given);
  const found = find(bytes);
  if (!found) return null;
  const { layout, record } = found;
  const { fileBytes, fileCrc, blockBytes, S, n, P, groups, groupBlocks, shares, shareBytes } = layout;
  const file = bytes.subarray(0, fileBytes);
  if (crc32(file) === fileCrc) return file;
  const packets = Array.from({ length: P }, (_, j) => packet(bytes, layout, record, j));
  const rowsOf = (count: number, rest: number, from: number, to: number): Map<number, Buffer> =>
    new Map(
      packets.flatMap((content, j) =>
        content && j % count === rest ? [[Math.floor(j / count), content.subarray(from, to)] as const] : [],
      ),
    );

  const checks = new Map<number, number>();
  for (let g = 0; g < groups; g++) {
    const rows = rowsOf(groups, g, blockBytes, blockBytes + shareBytes);
    const all = solve(Array<null>(shares).fill(null), rows);
    for (let i = g * groupBlocks; all && i < Math.min(n, (g + 1) * groupBlocks); i++) {
      checks.set(i, Buffer.concat(all).readUInt32BE(4 * (i - g * groupBlocks)));
    }
  }

  const blocks = Array.from({ length: n }, (_, i) => file.subarray(i * blockBytes, (i + 1) * blockBytes));
  for (let stripe = 0; stripe < S; stripe++) {
    const columns = blocks.flatMap((block, i) => {
      if (i % S !== stripe) return [];
      return checks.has(i) && checks.get(i) !== crcOf(i, block) ? [null] : [block];
    });
    const solved = solve(columns, rowsOf(S, stripe, 0, blockBytes));
    columns.forEach((column, c) => {
      if (column === null) solved?.shift()?.copy(blocks[c * S + stripe]!);
    });
  }
  return crc32(file) === fileCrc ? file : null;
}
