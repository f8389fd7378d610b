import { allocateSamples, type Channels, type Samples } from '../../samples.js';
import { unreadable, unsupported } from '../../image/refusals.js';
import { sharp } from './sharp.js';

/** The image that sharp must return; it has 8 or 16 bits. */
interface Expected {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly channels: Channels;
  readonly depth: 8 | 16;
}

/**
 * Decodes samples with sharp (libvips), with all conversions off: profiles and orientation are not applied, and the
 * requested colour space is the one into which libvips reads the file.
 * @param page from 0
 * @throws PixrnnError 'input-unreadable', 'input-unsupported' if sharp returns another image than the file's header
 * declares
 */
export async function decodeWithSharp(input: Uint8Array, expected: Expected, page = 0): Promise<Samples> {
  const { format, width, height, channels, depth } = expected;
  // sharp converts 8-bit gray with alpha to gray without alpha; decoded as RGBA it keeps alpha, and the gray is
  // extracted below.
  const foldsGray = channels === 2 && depth === 8;
  const space = channels <= 2 && !foldsGray ? ['b-w', 'grey16'] : ['srgb', 'rgb16'];
  const { data, info } = await sharp(input, { ignoreIcc: true, failOn: 'error', limitInputPixels: false, page })
    .toColourspace(space[depth === 8 ? 0 : 1])
    .raw({ depth: depth === 8 ? 'uchar' : 'ushort' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      const [reason = ''] = (error as Error).message.split('\n');
      throw unreadable(`the ${format} file is damaged or incomplete (${reason})`, error);
    });
  const found = foldsGray ? 4 : channels;
  if (info.width !== width || info.height !== height || info.channels !== found) {
    const made = `${info.width} x ${info.height} with ${info.channels} channels`;
    const what = `sharp decodes the ${format} file as ${made}, but its header declares ${width} x ${height} with ${found}`;
    throw unsupported(what, 'Convert the file to PNG.');
  }
  if (foldsGray) return foldGray(data);
  const own = new Uint8Array(data); // newer versions of Node.js cannot transfer memory of libvips to another thread
  return depth === 8 ? own : new Uint16Array(own.buffer);
}

/** Returns gray and alpha of RGBA whose colours are all gray. */
function foldGray(rgba: Uint8Array): Samples {
  const samples = allocateSamples(rgba.length / 2, 8);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const gray = rgba[from]!;
    if (rgba[from + 1] !== gray || rgba[from + 2] !== gray)
      throw unsupported('sharp decodes a gray image with colours', 'Convert the file to PNG.');
    samples[to++] = gray;
    samples[to++] = rgba[from + 3]!;
  }
  return samples;
}
