/*
 * A payload that one thread decodes while another one still encodes it, in memory that both share. The encoder writes
 * bytes and announces the rows that they suffice for; the decoder waits for rows.
 */

/** Positions of the header's integers: rows that can be decoded; bytes written, all of them once it is complete. */
const ROWS = 0;
const BYTES = 1;
const HEADER_BYTES = 8;
/** Numbers of rows: the payload is complete; it never will be. */
const COMPLETE = 0x7fffffff;
const ABANDONED = -1;

/** Returns memory for a payload of at most `capacity` bytes. */
export function createSharedPayload(capacity: number): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + capacity);
}

/** Makes the decoder of a payload fail that is not complete. */
export function abandonSharedPayload(shared: SharedArrayBuffer): void {
  const header = headerOf(shared);
  if (Atomics.load(header, ROWS) !== COMPLETE) setRows(header, ABANDONED);
}

/** The encoder's end. */
export class PayloadWriter {
  private readonly header: Int32Array;
  private readonly bytes: Uint8Array;
  private written = 0;
  /** Rows, and the bytes that a decoder may read to decode them, in order; not announced yet. */
  private readonly waiting: { readonly rows: number; readonly needed: number }[] = [];

  constructor(private readonly shared: SharedArrayBuffer) {
    this.header = headerOf(shared);
    this.bytes = bytesOf(shared);
  }

  /** Number of bytes written so far. */
  get length(): number {
    return this.written;
  }

  /** Appends bytes. A payload that exceeds its memory is abandoned. */
  append(bytes: Uint8Array): void {
    if (this.written + bytes.length > this.bytes.length) return this.abandon();
    this.bytes.set(bytes, this.written);
    this.written += bytes.length;
    Atomics.store(this.header, BYTES, this.written);
  }

  /** Announces that rows are encoded, once as many bytes as they need are written. */
  announce(rows: number, needed: number): void {
    if (Atomics.load(this.header, ROWS) === ABANDONED) return;
    this.waiting.push({ rows, needed });
    const later = this.waiting.findIndex((next) => next.needed > this.written);
    const ready = this.waiting.splice(0, later < 0 ? this.waiting.length : later).at(-1);
    if (ready) setRows(this.header, ready.rows);
  }

  complete(): void {
    if (Atomics.load(this.header, ROWS) !== ABANDONED) setRows(this.header, COMPLETE);
  }

  abandon(): void {
    abandonSharedPayload(this.shared);
  }
}

/** The decoder's end. */
export class PayloadReader {
  private readonly header: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(shared: SharedArrayBuffer) {
    this.header = headerOf(shared);
    this.bytes = bytesOf(shared);
  }

  /**
   * Blocks the thread until `rows` rows can be decoded, and returns the bytes that are written by then.
   * @throws Error if the payload was abandoned
   */
  waitFor(rows: number): Uint8Array {
    let ready = Atomics.load(this.header, ROWS);
    while (ready !== ABANDONED && ready < rows) {
      Atomics.wait(this.header, ROWS, ready);
      ready = Atomics.load(this.header, ROWS);
    }
    if (ready === ABANDONED) throw new Error('the payload was abandoned');
    return this.bytes.subarray(0, Atomics.load(this.header, BYTES));
  }
}

function setRows(header: Int32Array, rows: number): void {
  Atomics.store(header, ROWS, rows);
  Atomics.notify(header, ROWS);
}

function headerOf(shared: SharedArrayBuffer): Int32Array {
  return new Int32Array(shared, 0, HEADER_BYTES / 4);
}

function bytesOf(shared: SharedArrayBuffer): Uint8Array {
  return new Uint8Array(shared, HEADER_BYTES);
}
