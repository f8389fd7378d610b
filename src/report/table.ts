import { channelsName } from '../image/raster.js';
import type { Figures, Totals } from './measure.js';
import type { PeerSize } from './peers.js';

type Alignment = 'left' | 'right';

/** Formats rows of cells as aligned columns, one line per row. */
export function formatTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
  const widths = alignments.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return alignments[column] === 'right' ? cell.padStart(width) : cell.padEnd(width);
    });
    return cells.join('  ').trimEnd() + '\n';
  });
  return lines.join('');
}

/** The columns of every report, after the image's size and before the other codecs and the file name. */
const HEADINGS = ['.prnn bytes', '.prnn', 'source', 'model', 'mixed', 'R', 'G', 'B', 'A', 'other', 'overhead'];

/** Legend of the columns. */
const LEGEND: readonly (readonly [columns: string, meaning: string])[] = [
  ['.prnn, source', 'size of the files, including metadata'],
  ['model', "the model's likelihood, before the mixer"],
  ['mixed', 'the likelihood after the mixer, which the coder uses'],
  ['R, G, B, A', 'the same per channel, in bits/pixel'],
  ['other', 'channels coded together, without a model, in bits/pixel'],
  ['overhead', 'excess of the coded samples over the likelihood'],
];
const UNITS = 'Rates are in bits/dim (bits per sub-pixel) unless noted.\n';
const PIXELS = 'pixels';

/**
 * Returns the table of `pixrnn report` and its legend: bits/dim of the .prnn file, the source, the model and the mixer, bits/pixel of
 * each channel, the coder's overhead, and the other codecs. File names come last, so that their length does not affect the columns.
 */
export function reportTable(
  files: readonly { name: string; figures: Figures; peers: readonly PeerSize[] }[],
  totals: Totals | null,
): string {
  const peerList = [...new Map(files.flatMap(({ peers }) => peers.map((peer) => [peer.name, peer]))).values()];
  const peerNames = peerList.map(({ name }) => name);
  // Other codecs code the image without metadata, so they are compared with a .prnn file without metadata.
  const isCompared = peerNames.length > 0;
  const headings = ['image', ...HEADINGS, ...(isCompared ? [PIXELS] : []), ...peerNames, 'file'];
  const pixels = ({ rates }: Figures | Totals): string[] => (isCompared ? [rates.stripped.toFixed(3)] : []);
  const rows = files.map(({ name, figures, peers }) => {
    const { width, height, channels, dims } = figures;
    const kind = channels === 3 ? '' : ` ${channelsName(channels)}`;
    const others = peerNames.map((peer) => peerRate(peers, peer, dims));
    return [`${width} x ${height}${kind}`, ...figureCells(figures), ...pixels(figures), ...others, name];
  });
  if (totals !== null) {
    const all = peerNames.map((peer) =>
      totalPeerRate(
        files.map(({ peers }) => peers),
        peer,
        totals.dims,
      ),
    );
    rows.push(['', ...figureCells(totals), ...pixels(totals), ...all, `total of ${totals.files}`]);
  }
  const alignments = headings.map((_, column) => (column === 0 || column === headings.length - 1 ? 'left' : 'right'));
  return `${formatTable([headings, ...rows], alignments)}\n${legend(peerList)}`;
}

function legend(peers: readonly PeerSize[]): string {
  const compared = peers.map(({ name, setting }) => [name, `${setting}, without metadata`]);
  const pixels = [PIXELS, '.prnn without metadata, comparable with the columns after it'];
  const rows = [...LEGEND, ...(compared.length > 0 ? [pixels, ...compared] : [])];
  return UNITS + formatTable(rows, ['left', 'left']);
}

function peerRate(peers: readonly PeerSize[], peer: string, dims: number): string {
  const bytes = peers.find(({ name }) => name === peer)?.bytes ?? null;
  return bytes === null ? '-' : ((8 * bytes) / dims).toFixed(3);
}

/** Returns the rate of a codec over all images; - if it does not support one of them. */
function totalPeerRate(images: readonly (readonly PeerSize[])[], peer: string, dims: number): string {
  const sizes = images.map((peers) => peers.find(({ name }) => name === peer)?.bytes ?? NaN);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return Number.isNaN(bytes) ? '-' : ((8 * bytes) / dims).toFixed(3);
}

function figureCells(figures: Figures | Totals): string[] {
  const { file, source, model, mixed, perChannel, other, overheadPercent } = figures.rates;
  const bits = (rate: number | undefined): string => rate?.toFixed(3) ?? '-';
  const [red, green, blue] = perChannel.length >= 3 ? perChannel : [];
  const alpha = perChannel.length % 2 === 0 ? perChannel.at(-1) : undefined;
  // Rounded first, so that a hair below zero is not shown as -0.000.
  const overhead = `${(Math.round(1000 * overheadPercent) / 1000 || 0).toFixed(3)} %`;
  const size = figures.prnnBytes.toLocaleString('en-US');
  const rates = [file, source, model, mixed, red, green, blue, alpha, other > 0 ? other : undefined];
  return [size, ...rates.map(bits), overhead];
}
