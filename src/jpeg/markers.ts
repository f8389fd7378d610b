/** Second bytes of the markers (ITU-T T.81, table B.1) that the parser distinguishes; the first byte is 0xFF. */
export const MARKER = {
  TEM: 0x01,
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  DHT: 0xc4,
  JPG: 0xc8,
  DAC: 0xcc,
  SOF15: 0xcf,
  RST0: 0xd0,
  RST7: 0xd7,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  DHP: 0xde,
  EXP: 0xdf,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const;

/** Returns whether a marker is RST0..RST7. */
export function isRestart(marker: number): boolean {
  return marker >= MARKER.RST0 && marker <= MARKER.RST7;
}

/** Returns whether a marker has no length and no payload. */
export function isStandalone(marker: number): boolean {
  return isRestart(marker) || marker === MARKER.SOI || marker === MARKER.EOI || marker === MARKER.TEM;
}

/** Returns whether a marker starts a frame header (SOF0..SOF15 without DHT, JPG and DAC). */
export function isFrame(marker: number): boolean {
  const others: readonly number[] = [MARKER.DHT, MARKER.JPG, MARKER.DAC];
  return marker >= MARKER.SOF0 && marker <= MARKER.SOF15 && !others.includes(marker);
}

/** Returns a marker segment: marker, length and payload. The payload has at most 65,533 bytes. */
export function segmentBytes(marker: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + payload.length);
  const length = 2 + payload.length;
  bytes.set([0xff, marker, length >> 8, length & 0xff]);
  bytes.set(payload, 4);
  return bytes;
}

/** Returns the offset of the first marker at or after `from`: 0xFF and neither 0 nor 0xFF; the length if none is left. */
export function findMarker(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff) return at;
  }
  return bytes.length;
}
