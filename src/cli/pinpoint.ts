import { type DecodeContainerOptions, parseFile, type PrnnFile } from '../codec/container.js';
import { describeLost, lostParts, surveyFile } from '../codec/damage.js';
import { insufficientParity } from '../codec/file-parity.js';
import { counted } from '../counted.js';
import { PixrnnError } from '../errors.js';
import { readProtected } from '../parity/parity.js';

/** Maximum number of damaged parts that a message lists. */
const MAX_LISTED = 20;

/** Returns an error about a damaged file that says which parts are damaged and where; other errors as they are. */
export function pinpointed(bytes: Uint8Array, error: unknown): unknown {
  if (!(error instanceof PixrnnError) || (error.code !== 'file-corrupt' && error.code !== 'file-truncated'))
    return error;
  try {
    const found = readProtected(bytes);
    const survey = surveyFile(found?.file ?? bytes);
    const lost = lostParts(survey);
    if (lost.length === 0) return error;
    const listed = lost.slice(0, MAX_LISTED).map(describeLost);
    const more = lost.length > listed.length ? [`${lost.length - listed.length} more`] : [];
    const sound = survey.parts.filter((part) => part?.isSound).length;
    const what = survey.header.kind === 'pixels' ? 'tile' : 'JPEG image';
    const left = `${sound} of ${counted(survey.parts.length, what)} ${sound === 1 ? 'is' : 'are'} sound`;
    const parity = found && !found.isWhole ? `${insufficientParity(found)}. ` : '';
    const advice = `${parity}Get the file again, or decompress it with --salvage.`;
    const message = `the .prnn file is damaged: ${[...listed, ...more].join('; ')}. ${left}. ${advice}`;
    return new PixrnnError(error.code, message, { cause: error });
  } catch {
    return error; // the header is damaged
  }
}

/**
 * Parses a file like `parseFile`; the error of a damaged one says which parts are damaged and where.
 * @throws PixrnnError
 */
export function parsePinpointed(bytes: Uint8Array, options: DecodeContainerOptions): PrnnFile {
  try {
    return parseFile(bytes, options);
  } catch (cause) {
    throw pinpointed(bytes, cause);
  }
}
