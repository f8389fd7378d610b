/**
 * What van den Oord, Kalchbrenner and Kavukcuoglu, "Pixel Recurrent Neural Networks" (2016), report: tables 4 to 6. Signs of
 * estimates and bounds are left out.
 */
export interface PaperTable {
  readonly table: number;
  /** Code length: of a sub-pixel in bits, or of an image in nats. */
  readonly unit: 'bits/dim' | 'nats';
  readonly figures: readonly PaperFigure[];
}

export interface PaperFigure {
  readonly model: string;
  /** On the test images, or on the validation images of ImageNet. */
  readonly value: number;
  /** On the training images; null where the paper has none. */
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
