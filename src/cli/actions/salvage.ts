import { describeLost, type LostPart } from '../../codec/damage.js';
import type { DecompressOptions } from '../../codec/decompress.js';
import { salvage, type Salvaged } from '../../codec/salvage.js';
import { PixrnnError } from '../../errors.js';
import type { BatchWritingArguments } from '../batch-options.js';
import { printJson } from '../batch.js';
import type { FileContext } from '../file-command.js';
import { encodeImage, type FileFormat, formatToWrite, outputKind } from '../formats.js';
import { readInput } from '../input.js';
import { displayName, formatBytes, formatNumber } from '../messages.js';
import type { JsonArguments, WritingArguments } from '../options.js';
import { checkTarget, displayTarget, resultTarget, writeTarget } from '../output.js';
import type { FileResult } from '../run-report.js';
import type { SizedTask } from '../tasks.js';

/** The arguments of `pixrnn decompress` that salvaging needs. */
interface SalvageArguments extends WritingArguments, BatchWritingArguments, JsonArguments {
  format: FileFormat | undefined;
  preview: boolean;
  salvage: boolean;
}

/** Rejects options that need a whole image. */
export function checkSalvage(args: SalvageArguments): void {
  const option = (['preview', 'skip-existing', 'delete-source'] as const).find((name) => args[name]);
  if (!args.salvage || option === undefined) return;
  const what = `--salvage writes a part of an image and cannot be combined with --${option}`;
  throw new PixrnnError('usage', `${what}. Remove one of them.`);
}

/**
 * Writes the undamaged parts of a file.
 * @throws PixrnnError 'file-corrupt' after writing it, if anything is lost
 */
export async function salvageFile(
  { path: file, output }: SizedTask,
  args: SalvageArguments,
  options: DecompressOptions,
  { pool, update, note }: FileContext,
): Promise<FileResult> {
  const began = performance.now();
  const { bytes: input, stats } = await readInput(file);
  const target = resultTarget(output, stats, args);
  checkTarget(target);
  update(0, 1);
  const found = await salvage(input, { ...options, pool, onProgress: update });
  const { bytes, dropsMetadata } = await fileOf(found, args);
  await writeTarget(target, bytes);

  const { lost, isWhole } = found;
  const names = `${displayName(file)} -> ${displayTarget(output)}`;
  const [sourceBytes, seconds] = [input.length, (performance.now() - began) / 1000];
  const json = { file, output, lost, isWhole, sourceBytes, bytes: bytes.length, seconds };
  if (isWhole && !dropsMetadata) {
    const line = `${names}  ${formatBytes(bytes.length)}; nothing is lost, checksum matches`;
    return { status: 'done', line, json, sourceBytes, bytes: bytes.length };
  }
  for (const part of lost) note(`${displayName(file)}: lost: ${describeLost(part)}\n`);
  if (args.json) printJson({ event: 'salvaged', ...json });
  const remark = dropsMetadata ? '; the metadata is malformed and left out' : '';
  const what = `${lossText(found)}${remark}; the rest is in ${displayTarget(output)}`;
  throw new PixrnnError('file-corrupt', `${what}. Get the file again if you can.`);
}

/** Returns the file to write. Metadata whose check matches may still be malformed. */
async function fileOf(found: Salvaged, args: SalvageArguments): Promise<{ bytes: Uint8Array; dropsMetadata: boolean }> {
  if ('source' in found) {
    if (outputKind(args, found.extension) === 'source') return { bytes: found.source, dropsMetadata: false };
    const what = `--salvage writes what is left of the ${found.extension} file itself, in no other format`;
    throw new PixrnnError('usage', `${what}. Name the output *${found.extension}.`);
  }
  const { raster, metadata } = found;
  const format = formatToWrite(args);
  try {
    return { bytes: await encodeImage(raster, metadata, format), dropsMetadata: false };
  } catch (error) {
    if (!(error instanceof PixrnnError) || error.code !== 'file-corrupt') throw error;
    return { bytes: await encodeImage({ ...raster, indexed: false }, [], format), dropsMetadata: true };
  }
}

/** "3 of 12 tiles are lost", "its digest does not match" */
function lossText(found: Salvaged): string {
  const { lost } = found;
  const tiles = lost.filter(({ tile }) => tile !== null).length;
  const others = lost.filter(({ tile }) => tile === null).map(({ name }: LostPart) => name);
  const ofTiles = 'raster' in found && tiles > 0 ? [`${tiles} of ${formatNumber(found.tiles, 'tile')} lost`] : [];
  const ofOthers = others.length > 0 ? [`damaged or missing: ${others.join(', ')}`] : [];
  const all = [...ofTiles, ...ofOthers];
  return all.length > 0 ? all.join('; ') : 'every part is sound, but the digest of the whole does not match';
}
