import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { writePng } from '../image/write-png.js';
import { isInstalled, runProgram } from './program.js';
import { strippedMetadata } from './stripped.js';

/** The size of an image, or of several, in another lossless codec. */
export interface PeerSize {
  readonly name: string;
  /** How it is run: "cjxl -d 0 -e 9". */
  readonly setting: string;
  /** Bytes of its file without metadata; null if it cannot hold the image. */
  readonly bytes: number | null;
}

/** Another lossless codec that is installed. */
export interface Peer extends Pick<PeerSize, 'name' | 'setting'> {
  readonly measure: (raster: Raster, png: Uint8Array) => Promise<number | null>;
}

/** A program that reads a PNG file from its standard input and writes its own to standard output. */
interface Program {
  readonly name: string;
  readonly setting: string;
  /** The Debian package that brings it. */
  readonly debian: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What it prints its version with: whether it is here. */
  readonly probe: string;
  /** WebP has 8 bits a sample: of more the program would leave out some. */
  readonly takes: (raster: Raster) => boolean;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'WebP',
    setting: 'cwebp -lossless -z 9',
    debian: 'webp',
    command: 'cwebp',
    args: ['-quiet', '-lossless', '-z', '9', '-exact', '-o', '-', '--', '-'],
    probe: '-version',
    takes: ({ depth, width, height }) => depth <= 8 && Math.max(width, height) <= 16383,
  },
  {
    name: 'JPEG XL',
    setting: 'cjxl -d 0 -e 9',
    debian: 'libjxl-tools',
    command: 'cjxl',
    args: ['--quiet', '-d', '0', '-e', '9', '-', '-'],
    probe: '--version',
    takes: () => true,
  },
];

/** A codec that cannot be measured, and how to install it. */
export interface MissingPeer {
  readonly name: string;
  readonly command: string;
  readonly debian: string;
}

/** The codecs that images are compared with: PNG always, WebP and JPEG XL where their programs are installed. */
export async function findPeers(): Promise<{ peers: Peer[]; missing: MissingPeer[] }> {
  const isHere = await Promise.all(PROGRAMS.map(({ command, probe }) => isInstalled(command, probe)));
  const programs = PROGRAMS.filter((_, index) => isHere[index]);
  const missing = PROGRAMS.filter((_, index) => !isHere[index]);
  return { peers: [{ name: 'PNG', setting: 'level 9', measure: pngBytes }, ...programs.map(peerOf)], missing };
}

function peerOf({ name, setting, command, args, takes }: Program): Peer {
  return {
    name,
    setting,
    measure: async (raster, png) => (takes(raster) ? ((await runProgram(command, args, png))?.length ?? null) : null),
  };
}

/** The size of the image in each codec, one codec after the other, without metadata. */
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

/** The smaller file of pixrnn's own writer and of sharp (libpng), both at level 9; sharp does not keep palettes and depths below 8. */
async function pngBytes(raster: Raster, png: Uint8Array): Promise<number> {
  if (raster.indexed || raster.depth < 8) return png.length;
  return Math.min(png.length, (await adaptivePng(raster)).length);
}

/** A PNG file of samples of 8 or 16 bits, written by sharp with adaptive filters. */
export async function adaptivePng({ width, height, channels, depth, samples }: Raster): Promise<Buffer> {
  const [gray, colour] = depth === 16 ? ['grey16', 'rgb16'] : ['b-w', 'srgb'];
  return sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels <= 2 ? gray : colour)
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
}
