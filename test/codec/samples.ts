import fc from 'fast-check';
import { check16 } from '#pixrnn/codec/check.js';
import { crc32 } from '#pixrnn/crc32.js';
import { type Container, type ContainerHeader, encodeContainer, type TileChunk } from '#pixrnn/codec/container.js';
import { tileGrid } from '#pixrnn/codec/tile-grid.js';
import { encodeVarint, varintLength } from '#pixrnn/codec/varint.js';
import { DEFAULT_EFFORT, EFFORTS } from '#pixrnn/engine/effort.js';

export const MODEL_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const DIGEST = Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i);

/** A container whose tiles are all alike: model-coded with `payload(samples)` bytes where there is a model, else raw. */
export function sampleContainer(header: ContainerHeader, payloadBytes = (samples: number) => samples): Container {
  const grid = tileGrid(header.width, header.height);
  const tiles = grid.map(({ width, height }): TileChunk => {
    const samples = width * height * header.channels;
    const payload = new Uint8Array(header.modelId ? payloadBytes(samples) : samples).fill(0x5a);
    return {
      representation: header.modelId ? 'model' : 'raw',
      payload,
      samplesCrc: grid.length > 1 ? crc32(payload) : null,
    };
  });
  return { header, metadata: [], tiles, digest: DIGEST };
}

/** Two tiles and two metadata chunks in 95 bytes. */
export function smallFile(): { container: Container; bytes: Uint8Array } {
  const container = sampleContainer({ width: 1030, height: 1, channels: 1, modelId: MODEL_ID, effort: 2 }, () => 12);
  container.metadata.push(Uint8Array.of(0x4d, 0x54, 0x52), new Uint8Array(0));
  return { container, bytes: encodeContainer(container) };
}

/** Where the parts with a check begin and where their checks are. */
export function checkedParts({ header, metadata, tiles }: Container): { start: number; check: number }[] {
  const flags = header.channels === 1 || header.modelId === null ? 1 : 0;
  const lengths = [
    3 + flags + varintLength(header.width) + varintLength(header.height) + (header.modelId?.length ?? 0),
    ...metadata.map((payload) => 1 + varintLength(payload.length) + payload.length),
    ...tiles.map((t) => 1 + varintLength(t.payload.length) + (t.samplesCrc === null ? 0 : 4) + t.payload.length),
  ];
  let start = 0;
  return lengths.map((length) => {
    const part = { start, check: start + length };
    start += length + 2;
    return part;
  });
}

/** `bytes` with the check of every part recomputed, as somebody who means harm would do it. */
export function withNewChecks(bytes: Uint8Array, parts: { start: number; check: number }[]): Uint8Array {
  const copy = bytes.slice();
  for (const { start, check } of parts) {
    new DataView(copy.buffer).setUint16(check, check16(copy.subarray(start, check)));
  }
  return copy;
}

/** Bytes of one part, its check included. */
export function part(...fields: number[]): number[] {
  const check = check16(Uint8Array.from(fields));
  return [...fields, check >> 8, check & 0xff];
}

/** The header of an RGB image with a model, whatever the sizes. */
export function rgbHeader(width: number, height: number): number[] {
  return part(0x8f, 0x50, 2, ...encodeVarint(width), ...encodeVarint(height), ...MODEL_ID);
}

/** Containers of one to six tiles, all of whose fields vary. */
export const containers: fc.Arbitrary<Container> = fc
  .record({
    size: fc.oneof(
      fc.record({ width: fc.integer({ min: 1, max: 300 }), height: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ width: fc.integer({ min: 1025, max: 6144 }), height: fc.constant(1) }),
    ),
    channels: fc.constantFrom<1 | 3>(1, 3),
    modelId: fc.option(fc.uint8Array({ minLength: 8, maxLength: 8 })),
    level: fc.constantFrom(...EFFORTS),
    metadata: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }),
    digest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    seeds: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
  })
  .map(({ size, channels, modelId, level, metadata, digest, seeds }) => {
    const effort = modelId === null ? DEFAULT_EFFORT : level;
    const header = { ...size, channels, modelId, effort };
    const grid = tileGrid(size.width, size.height);
    const tiles = grid.map((tile, i): TileChunk => {
      const seed = seeds[i]!;
      const samples = tile.width * tile.height * channels;
      const raw = modelId === null || seed % 2 === 0;
      const payload = Uint8Array.from({ length: raw ? samples : 1 + (seed % samples) }, (_, k) => (seed >>> 3) * k);
      return { representation: raw ? 'raw' : 'model', payload, samplesCrc: grid.length > 1 ? seed : null };
    });
    return { header, metadata, tiles, digest };
  });
