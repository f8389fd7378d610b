import { metadataOf, writePng } from '../image/write-png.js';
import { packMetadata, withoutMetadata } from '../image/png-metadata.js';
import type { Raster } from '../image/raster.js';
import { sharp } from '../node/image/sharp.js';
import { isInstalled, runProgram } from './program.js';

/** What another lossless codec makes of an image. */
export interface PeerSize {
  readonly name: string;
  /** Bytes of its file without metadata; null where it cannot hold the image. */
  readonly bytes: number | null;
}

/** Another lossless codec that is here. */
export interface Peer {
  readonly name: string;
  readonly measure: (raster: Raster, png: Uint8Array) => Promise<number | null>;
}

/** A program that reads a PNG file from its standard input and writes its own to standard output. */
interface Program {
  readonly name: string;
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
    command: 'cwebp',
    args: ['-quiet', '-lossless', '-z', '9', '-exact', '-o', '-', '--', '-'],
    probe: '-version',
    takes: ({ depth, width, height }) => depth <= 8 && Math.max(width, height) <= 16383,
  },
  {
    name: 'JPEG XL',
    command: 'cjxl',
    args: ['--quiet', '-d', '0', '-e', '9', '-', '-'],
    probe: '--version',
    takes: () => true,
  },
];

/** PNG, and of WebP (cwebp -lossless -z 9) and JPEG XL (cjxl -d 0 -e 9) those whose programs are installed. */
export async function findPeers(): Promise<Peer[]> {
  const here = await Promise.all(PROGRAMS.map(({ command, probe }) => isInstalled(command, probe)));
  const programs = PROGRAMS.filter((_, index) => here[index]);
  return [
    { name: 'PNG', measure: pngBytes },
    ...programs.map(({ name, command, args, takes }) => ({
      name,
      measure: async (raster: Raster, png: Uint8Array) =>
        takes(raster) ? ((await runProgram(command, args, png))?.length ?? null) : null,
    })),
  ];
}

/** The sizes that the codecs give, one codec after the other; each gets the image alone, without its metadata. */
export async function measurePeers(
  raster: Raster,
  metadata: readonly Uint8Array[],
  peers: readonly Peer[],
): Promise<PeerSize[]> {
  if (peers.length === 0) return [];
  const bare = await packMetadata(withoutMetadata(await metadataOf(raster, metadata), raster));
  const png = await writePng(raster, bare ? [bare] : []);
  const sizes: PeerSize[] = [];
  for (const { name, measure } of peers) sizes.push({ name, bytes: await measure(raster, png) });
  return sizes;
}

/** By sharp (libpng) at level 9 with adaptive filters; what sharp would not keep as it is, by pixrnn's own writer, which has the same level. */
async function pngBytes(raster: Raster, png: Uint8Array): Promise<number> {
  if (raster.indexed || raster.depth < 8) return png.length;
  return (await bestPng(raster)).length;
}

/** A PNG file of samples of 8 or 16 bits. */
export async function bestPng({ width, height, channels, depth, samples }: Raster): Promise<Buffer> {
  const [gray, colour] = depth === 16 ? ['grey16', 'rgb16'] : ['b-w', 'srgb'];
  return sharp(samples, { raw: { width, height, channels }, limitInputPixels: false })
    .toColourspace(channels <= 2 ? gray : colour)
    .png({ compressionLevel: 9, adaptiveFiltering: true })
    .toBuffer();
}
