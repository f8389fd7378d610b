import { channelsName } from '../image/raster.js';
import type { Figures, Totals } from './measure.js';
import type { PeerSize } from './peers.js';

type Alignment = 'left' | 'right';

/** Rows of cells as lines of aligned columns, each line ended. */
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

const HEADINGS = ['image', '.prnn bytes', '.prnn', 'source', 'model', 'mixed', 'R', 'G', 'B', 'A', 'other', 'overhead'];

/**
 * The table of `pixrnn report`: bits/dim of the .prnn file, the PNG file, the model alone and after the mixer, that of each
 * channel, what coding adds to it, and what other codecs make of it. Names are last, where their width on the screen does not matter.
 */
export function reportTable(
  files: readonly { name: string; figures: Figures; peers: readonly PeerSize[] }[],
  totals: Totals | null,
): string {
  const peerNames = [...new Set(files.flatMap(({ peers }) => peers.map(({ name }) => name)))];
  const headings = [...HEADINGS, ...peerNames, 'file'];
  const rows = files.map(({ name, figures, peers }) => {
    const { width, height, channels, dims } = figures;
    const kind = channels === 3 ? '' : ` ${channelsName(channels)}`;
    const others = peerNames.map((peer) => peerRate(peers, peer, dims));
    return [`${width} x ${height}${kind}`, ...figureCells(figures), ...others, name];
  });
  if (totals !== null) {
    const all = peerNames.map((peer) =>
      totalPeerRate(
        files.map(({ peers }) => peers),
        peer,
        totals.dims,
      ),
    );
    rows.push(['', ...figureCells(totals), ...all, `total of ${totals.files}`]);
  }
  const alignments = headings.map((_, column) => (column === 0 || column === headings.length - 1 ? 'left' : 'right'));
  return formatTable([headings, ...rows], alignments);
}

function peerRate(peers: readonly PeerSize[], peer: string, dims: number): string {
  const bytes = peers.find(({ name }) => name === peer)?.bytes ?? null;
  return bytes === null ? '-' : ((8 * bytes) / dims).toFixed(3);
}

/** Of all images together, where the codec could hold them all. */
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
