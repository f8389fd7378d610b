import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { writePng } from '../image/write-png.js';
import { isInstalled, runProgram } from './program.js';
import { strippedMetadata } from './stripped.js';

/** Size of one or more images in another lossless codec. */
export interface PeerSize {
  readonly name: string;
  /** Its command: "cjxl -d 0 -e 9". */
  readonly setting: string;
  /** File size without metadata, in bytes; null if the codec does not support the image. */
  readonly bytes: number | null;
}

/** An installed lossless codec. */
export interface Peer extends Pick<PeerSize, 'name' | 'setting'> {
  readonly measure: (raster: Raster, png: Uint8Array) => Promise<number | null>;
}

/** An encoder that reads a PNG file from standard input and writes its output to standard output. */
interface Program {
  readonly name: string;
  readonly setting: string;
  /** The Debian package that contains it. */
  readonly debian: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The option that prints its version, to test whether it is installed. */
  readonly probe: string;
  /** Whether the codec can store the image losslessly: `cwebp` reduces 16-bit samples to 8 bits. */
  readonly supports: (raster: Raster) => boolean;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'WebP',
    setting: 'cwebp -lossless -z 9',
    debian: 'webp',
    command: 'cwebp',
    args: ['-quiet', '-lossless', '-z', '9', '-exact', '-o', '-', '--', '-'],
    probe: '-version',
    supports: ({ depth, width, height }) => depth <= 8 && Math.max(width, height) <= 16383,
  },
  {
    name: 'JPEG XL',
    setting: 'cjxl -d 0 -e 9',
    debian: 'libjxl-tools',
    command: 'cjxl',
    args: ['--quiet', '-d', '0', '-e', '9', '-', '-'],
    probe: '--version',
    supports: () => true,
  },
];

/** A codec that is not installed, and the Debian package to install. */
export interface MissingPeer {
  readonly name: string;
  readonly command: string;
  readonly debian: string;
}

/** Finds the codecs to compare with: PNG, and WebP and JPEG XL if their encoders are installed. */
export async function findPeers(): Promise<{ peers: Peer[]; missing: MissingPeer[] }> {
  const installed = await Promise.all(PROGRAMS.map(({ command, probe }) => isInstalled(command, probe)));
  const programs = PROGRAMS.filter((_, index) => installed[index]);
  const missing = PROGRAMS.filter((_, index) => !installed[index]);
  return { peers: [{ name: 'PNG', setting: 'level 9', measure: pngBytes }, ...programs.map(peerOf)], missing };
}

function peerOf({ name, setting, command, args, supports }: Program): Peer {
  return {
    name,
    setting,
    measure: async (raster, png) =>
      supports(raster) ? ((await runProgram(command, args, png))?.length ?? null) : null,
  };
}

/** Measures the size of an image without metadata in each codec, one codec at a time. */
export async function measurePeers(
  raster: Raster,
  metadata: readonly Uint8Array[],
  peers: readonly Peer[],
): Promise<PeerSize[]> {
  if (peers.length === 0) return [];
  const png = await writePng(raster, await strippedMetadata(raster, metadata));
  const sizes: PeerSize[] = [];
  for (const { name, setting, measure } of peers) sizes.push({ name, setting, bytes: await measure(raster, png) });
  return sizes;
}

/**
 * Returns the size of the smaller PNG file of pixrnn's writer and sharp (libpng), both at level 9. sharp does not preserve palettes
 * and depths below 8.
 */
async function pngBytes(raster: Raster, png: Uint8Array): Promise<number> {
  if (raster.indexed || raster.depth < 8) return png.length;
  return Math.min(png.length, (await adaptivePng(raster)).length);
}

/** Writes 8- or 16-bit samples as a PNG file with sharp, with adaptive filters. */
export async function adaptivePng({ width, height, channels, depth, samples }: Raster): Promise<Buffer> {
  const [gray, colour] = depth === 16 ? ['grey16', 'rgb16'] : ['b-w', 'srgb'];
  return sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels <= 2 ? gray : colour)
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
}
