import { PixrnnError } from '../errors.js';

/** What pixrnn needs of a processor and of the JavaScript engine on it. */
export interface Machine {
  readonly isLittleEndian: boolean;
  readonly hasWasmSimd: boolean;
}

/** A module of one function, which returns i32x4.splat(0). */
const SIMD_MODULE = [
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic and version
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // a function of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x11, 0x0b], // i32.const 0, i32x4.splat
];

/** Why the current machine is unsupported, null if it is supported; undefined until it is asked for. */
let fault: string | null | undefined;

/**
 * Checks that pixrnn can run here. Typed arrays have the byte order of the processor, but the memory of WebAssembly, in
 * which the engine takes weights and samples, is little endian.
 * @throws PixrnnError 'machine-unsupported'
 */
export function checkMachine(): void {
  if (fault === undefined) fault = faultOf(thisMachine());
  if (fault !== null) throw new PixrnnError('machine-unsupported', fault);
}

function thisMachine(): Machine {
  return {
    isLittleEndian: new Uint8Array(Uint16Array.of(1).buffer)[0] === 1,
    hasWasmSimd: WebAssembly.validate(Uint8Array.from(SIMD_MODULE)),
  };
}

/** Returns why a machine is unsupported; null if it is supported. */
export function faultOf({ isLittleEndian, hasWasmSimd }: Machine): string | null {
  if (!isLittleEndian)
    return 'big-endian processors are not supported. Use a little-endian machine, such as x64 or arm64.';
  if (!hasWasmSimd) {
    return 'this JavaScript engine has no WebAssembly SIMD on this processor. Use Node.js on x64 with SSE 4.1 or on arm64.';
  }
  return null;
}
