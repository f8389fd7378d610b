/**
 * Results of van den Oord, Kalchbrenner and Kavukcuoglu, "Pixel Recurrent Neural Networks" (2016), tables 4 to 6, without the
 * marks for estimates and bounds.
 */
export interface PaperTable {
  readonly table: number;
  /** Unit of the code length: bits per sub-pixel, or nats per image. */
  readonly unit: 'bits/dim' | 'nats';
  readonly figures: readonly PaperFigure[];
}

export interface PaperFigure {
  readonly model: string;
  /** Code length on the test images (ImageNet: validation images). */
  readonly value: number;
  /** Code length on the training images; null if the paper does not report it. */
  readonly train: number | null;
}

function figures(...rows: readonly (readonly [model: string, value: number, train?: number])[]): PaperFigure[] {
  return rows.map(([model, value, train = null]) => ({ model, value, train }));
}

export const PAPER = {
  mnist: {
    table: 4,
    unit: 'nats',
    figures: figures(
      ['DBM 2hl', 84.62],
      ['NADE', 88.33],
      ['EoNADE 2hl (128 orderings)', 85.1],
      ['EoNADE-5 2hl (128 orderings)', 84.68],
      ['DLGM', 86.6],
      ['DLGM 8 leapfrog steps', 85.51],
      ['DARN 1hl', 84.13],
      ['MADE 2hl (32 masks)', 86.64],
      ['DRAW', 80.97],
      ['PixelCNN', 81.3],
      ['Row LSTM', 80.54],
      ['Diagonal BiLSTM (1 layer, h = 32)', 80.75],
      ['Diagonal BiLSTM (7 layers, h = 16)', 79.2],
    ),
  },
  cifar10: {
    table: 5,
    unit: 'bits/dim',
    figures: figures(
      ['Uniform distribution', 8],
      ['Multivariate Gaussian', 4.7],
      ['NICE', 4.48],
      ['Deep diffusion', 4.2],
      ['Deep GMMs', 4],
      ['RIDE', 3.47],
      ['PixelCNN', 3.14, 3.08],
      ['Row LSTM', 3.07, 3],
      ['Diagonal BiLSTM', 3, 2.93],
    ),
  },
  imagenet32: { table: 6, unit: 'bits/dim', figures: figures(['Row LSTM', 3.86, 3.83]) },
  imagenet64: { table: 6, unit: 'bits/dim', figures: figures(['Row LSTM', 3.63, 3.57]) },
} as const satisfies Record<string, PaperTable>;
