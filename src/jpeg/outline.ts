import type { JpegImage, JpegShape } from './coefficients.js';
import { corruptRecord } from './faults.js';
import { BLOCK_SIZE, type FrameHeader, shapeOf } from './frame.js';
import type { JpegPart, LiteralPiece } from './parts.js';
import { readStructure } from './structure-reader.js';

/** What a structure says about the other data of a JPEG file. */
export interface JpegOutline {
  readonly shape: JpegShape;
  /** Number of literal bytes. */
  readonly literalBytes: number;
  /** Number of nested streams. */
  readonly nested: number;
}

/**
 * Returns the shape of the image and how much else belongs to a structure, before any of it is decoded.
 * @throws PixrnnError 'file-corrupt' if the structure is malformed
 */
export function outlineOf(structure: Uint8Array): JpegOutline {
  const parts = readStructure(structure);
  let literalBytes = 0;
  let nested = 0;
  for (const part of parts) {
    if (part.kind === 'scan') for (const { literal } of part.record.intervals) literalBytes += literal;
    const piece = pieceOf(part);
    literalBytes += piece?.length ?? 0;
    nested += piece?.nested.length ?? 0;
  }
  return { shape: shapeOfParts(parts), literalBytes, nested };
}

/** Returns the shape of the image: the quantisation tables are those in force at the first scan. */
export function shapeOfParts(parts: readonly JpegPart[]): JpegShape {
  const tables: Uint16Array[] = [];
  for (const part of parts) {
    if (part.kind === 'scan') break;
    if (part.kind === 'quantisation') for (const { slot, steps } of part.tables) tables[slot] = steps;
  }
  return shapeOf(frameOf(parts), tables);
}

/** Returns the frame header. */
export function frameOf(parts: readonly JpegPart[]): FrameHeader {
  const part = parts.find(({ kind }) => kind === 'frame');
  if (part?.kind !== 'frame') throw corruptRecord('has no frame');
  return part.frame;
}

/** @throws PixrnnError 'file-corrupt' if the image has another shape than the parts say */
export function checkShape(parts: readonly JpegPart[], { width, height, components }: JpegImage): void {
  const shape = shapeOfParts(parts);
  const fits =
    shape.width === width &&
    shape.height === height &&
    shape.components.length === components.length &&
    shape.components.every(({ blocksWide, blocksHigh }, i) => {
      return components[i]!.coefficients.length === blocksWide * blocksHigh * BLOCK_SIZE;
    });
  if (!fits) throw corruptRecord('does not fit its coefficients');
}

function pieceOf(part: JpegPart): LiteralPiece | null {
  return part.kind === 'bytes' || part.kind === 'segment' ? part.piece : null;
}
