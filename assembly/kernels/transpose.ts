/** Sets to[j][i] = from[i][j], f32 or pairs of i16, [rows][columns] to [columns][rows]; both sizes multiples of 4. */
export function transpose(from: usize, rows: i32, columns: i32, to: usize): void {
  const fromStride = (<usize>columns) << 2;
  const toStride = (<usize>rows) << 2;
  for (let i = 0; i < rows; i += 4) {
    let source = from;
    let target = to;
    for (let j = 0; j < columns; j += 4) {
      transpose4(source, fromStride, target, toStride);
      source += 16;
      target += toStride << 2;
    }
    from += fromStride << 2;
    to += 16;
  }
}

/** Transposes a block of 4x4; strides in bytes. */
function transpose4(from: usize, fromStride: usize, to: usize, toStride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + fromStride);
  const c = v128.load(from + (fromStride << 1));
  const d = v128.load(from + fromStride * 3);
  const ab01 = v128.shuffle<u32>(a, b, 0, 4, 1, 5);
  const ab23 = v128.shuffle<u32>(a, b, 2, 6, 3, 7);
  const cd01 = v128.shuffle<u32>(c, d, 0, 4, 1, 5);
  const cd23 = v128.shuffle<u32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(ab01, cd01, 0, 2));
  v128.store(to + toStride, v128.shuffle<u64>(ab01, cd01, 1, 3));
  v128.store(to + (toStride << 1), v128.shuffle<u64>(ab23, cd23, 0, 2));
  v128.store(to + toStride * 3, v128.shuffle<u64>(ab23, cd23, 1, 3));
}
