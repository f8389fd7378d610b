import type { PixelRnnSpec } from '#pixrnn/model/pixelrnn/spec.js';

/** Every kind of layer, and every option at least once, as differences from a small RGB PixelCNN. */
export const KINDS: readonly (readonly [string, Partial<PixelRnnSpec>])[] = [
  ['PixelCNN, gray', { channels: 1 }],
  ['PixelCNN', {}],
  ['Row LSTM, gray', { architecture: 'row-lstm', channels: 1 }],
  ['Row LSTM', { architecture: 'row-lstm' }],
  ['Diagonal BiLSTM, gray', { architecture: 'diagonal-bilstm', channels: 1 }],
  ['Diagonal BiLSTM', { architecture: 'diagonal-bilstm' }],
  ['PixelCNN without residual connections, with skip connections', { residual: false, skip: true, blocks: 2 }],
  ['Diagonal BiLSTM with skip connections, gray', { architecture: 'diagonal-bilstm', skip: true, channels: 1 }],
  ['PixelCNN with logistics', { output: 'logistics', components: 3 }],
  ['Row LSTM of bits', { architecture: 'row-lstm', output: 'bernoulli', channels: 1, frame: 'absolute' }],
  ['conditional PixelCNN', { condition: { factor: 2, features: 8 } }],
  [
    'conditional Row LSTM in the absolute frame, gray',
    { architecture: 'row-lstm', channels: 1, frame: 'absolute', condition: { factor: 3, features: 4 } },
  ],
  [
    'conditional Diagonal BiLSTM with logistics',
    { architecture: 'diagonal-bilstm', output: 'logistics', components: 2, condition: { factor: 2, features: 4 } },
  ],
];
