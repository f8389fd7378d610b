import { describeLost, lostParts, surveyFile } from '../codec/damage.js';
import { counted } from '../counted.js';
import { PixrnnError } from '../errors.js';

/** Maximum number of damaged parts that a message lists. */
const MAX_LISTED = 20;

/** Returns an error about a damaged file that says which parts are damaged and where; other errors as they are. */
export function pinpointed(bytes: Uint8Array, error: unknown): unknown {
  if (!(error instanceof PixrnnError) || (error.code !== 'file-corrupt' && error.code !== 'file-truncated'))
    return error;
  try {
    const survey = surveyFile(bytes);
    const lost = lostParts(survey);
    if (lost.length === 0) return error;
    const listed = lost.slice(0, MAX_LISTED).map(describeLost);
    const more = lost.length > listed.length ? [`${lost.length - listed.length} more`] : [];
    const sound = survey.parts.filter((part) => part?.isSound).length;
    const what = survey.header.kind === 'pixels' ? 'tile' : 'JPEG image';
    const left = `${sound} of ${counted(survey.parts.length, what)} ${sound === 1 ? 'is' : 'are'} sound`;
    const advice = 'Get the file again, or decompress it with --salvage.';
    const message = `the .prnn file is damaged: ${[...listed, ...more].join('; ')}. ${left}. ${advice}`;
    return new PixrnnError(error.code, message, { cause: error });
  } catch {
    return error; // the header is damaged
  }
}
