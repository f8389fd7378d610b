/** Codes how the header of a dynamic block writes its code lengths: the operations, and the code of these. */
import { codeEvenly, decideBy, isDecoding } from './coding';
import { COUNT } from './code-lengths';
import {
  MANY_ZEROS,
  REPEAT,
  ZEROS,
  addOperation,
  clearOperations,
  codeCount,
  codeLengths,
  distanceCount,
  lengthAt,
  literalCount,
  minRepeat,
  operationBits,
  operationCount,
  operations,
  repeats,
  setCodeCount,
} from './header';
import { buildLengths } from './length-builders';
import { codeDifferences, expected } from './length-differences';
import { LENGTH_CODES, ORDER } from './symbols';

/** What decisions are about. */
const CODES: u32 = 14;

const frequencies: usize = memory.data(LENGTH_CODES * 4, 4);

/** Returns how many lengths from i on are equal; up to the end of their code if `separate`. */
function runAt(i: i32, separate: bool): i32 {
  const end = separate && i < literalCount ? literalCount : literalCount + distanceCount;
  const length = lengthAt(i);
  let n = 1;
  while (i + n < end && lengthAt(i + n) === length) n++;
  return n;
}

let usualRepeat: i32 = 0;

/** Returns the longest operation that fits, as zlib chooses it; `usualRepeat` is its extra bits. */
function usualOperation(length: i32, run: i32, again: bool): i32 {
  usualRepeat = 0;
  if (length === 0) {
    if (run < 3) return 0;
    if (run < 11) {
      usualRepeat = run - 3;
      return ZEROS;
    }
    usualRepeat = min(run, 138) - 11;
    return MANY_ZEROS;
  }
  if (!again || run < 3) return length;
  usualRepeat = min(run, 6) - 3;
  return REPEAT;
}

/** Returns how many of the header's operations are not the usual ones; encoder only. */
export function unusualOperations(separate: bool): i32 {
  let i = 0;
  let unusual = 0;
  for (let k: usize = 0; k < <usize>operationCount; k++) {
    const operation = <i32>load<u8>(operations + k);
    const repeat = <i32>load<u8>(repeats + k);
    const again = i > 0 && lengthAt(i - 1) === lengthAt(i) && !(separate && i === literalCount);
    const usual = usualOperation(lengthAt(i), runAt(i, separate), again);
    unusual += i32(usual !== operation || usualRepeat !== repeat);
    i += minRepeat(operation) + repeat;
  }
  return unusual;
}

/** Codes the operations and the code length code. Returns false if they do not write the lengths. */
export function codeOperations(builder: i32, separate: bool): bool {
  const total = literalCount + distanceCount;
  const decoding = isDecoding();
  if (decoding) clearOperations();
  memory.fill(frequencies, 0, <usize>LENGTH_CODES * 4);
  let state: u32 = 0;
  let k: usize = 0;
  for (let i = 0; i < total; k++) {
    const length = lengthAt(i);
    const run = runAt(i, separate);
    const again = i > 0 && lengthAt(i - 1) === length && !(separate && i === literalCount);
    const usual = usualOperation(length, run, again);
    let operation = <i32>load<u8>(operations + k);
    let repeat = <i32>load<u8>(repeats + k);
    const place = (<u32>min(run, 20)) | ((<u32>again) << 5) | ((<u32>(length === 0)) << 6);
    if (decideBy(operation !== usual || repeat !== usualRepeat, CODES, place, state & 3)) {
      const code = <i32>codeEvenly(<u32>max(0, operation - 15), 2);
      operation = code === 0 ? length : code + 15;
      repeat = <i32>codeEvenly(<u32>repeat, operationBits(operation));
      state = (state << 1) | 1;
    } else {
      operation = usual;
      repeat = usualRepeat;
      state <<= 1;
    }
    const at = frequencies + ((<usize>operation) << 2);
    store<u32>(at, load<u32>(at) + 1);
    if (decoding) {
      addOperation(operation, repeat);
      if (operation === REPEAT ? i === 0 || lengthAt(i - 1) !== length : operation > REPEAT && length !== 0)
        return false;
      if (minRepeat(operation) + repeat > runAt(i, false)) return false;
    }
    i += minRepeat(operation) + repeat;
  }
  buildLengths(builder, frequencies, LENGTH_CODES, 7, expected);
  codeDifferences(codeLengths, LENGTH_CODES, LENGTH_CODES, frequencies, 2);
  return codeCodeCount();
}

function codeCodeCount(): bool {
  let usual = LENGTH_CODES;
  while (usual > 4 && load<u8>(codeLengths + <usize>load<u8>(ORDER + <usize>(usual - 1))) === 0) usual--;
  let count = usual;
  if (decideBy(codeCount !== usual, COUNT, 2, 0)) count = 4 + <i32>codeEvenly(<u32>(codeCount - 4), 4);
  setCodeCount(count);
  return count >= usual;
}
