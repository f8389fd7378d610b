import type { Architecture, TensorShape } from './architecture.js';
import { type Frame, WINDOW_TAPS, inputWidth } from './frame.js';
import { channelMask, featureGroups } from './masks.js';
import { checkedChannels, checkedSize, invalidField } from './spec-fields.js';

/** PixelCNN (paper, section 3.5 and table 1): what defines the network. */
export interface PixelCnnSpec {
  readonly architecture: 'pixelcnn';
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  /** h: features inside a residual block; 2h run between blocks. */
  readonly hidden: number;
  /** Number of residual blocks. */
  readonly blocks: number;
  /** Features between the two last 1x1 layers. */
  readonly head: number;
  readonly frame: Frame;
}

/** How many taps of a 3x3 kernel mask B leaves: NW, N, NE, W and the pixel itself, that one under the channel mask. */
export const BLOCK_TAPS = 5;

function checkedSpec(json: Record<string, unknown>): PixelCnnSpec {
  const channels = checkedChannels(json);
  const { frame } = json;
  if (frame !== 'absolute' && frame !== 'local') throw invalidField('frame', "'absolute' or 'local'", frame);
  // Each channel group is a whole number of SIMD vectors of four.
  const group = 4 * channels;
  return {
    architecture: 'pixelcnn',
    channels,
    hidden: checkedSize(json, 'hidden', group, 512),
    blocks: checkedSize(json, 'blocks', 1, 64),
    head: checkedSize(json, 'head', group, 2048),
    frame,
  };
}

/** Every tensor in the order in which the engine reads them. */
function shapes({ channels, hidden, blocks, head }: PixelCnnSpec): TensorShape[] {
  const wide = 2 * hidden;
  const list: TensorShape[] = [
    { name: 'input.weight', shape: [inputWidth(channels), wide] },
    { name: 'input.bias', shape: [wide] },
  ];
  for (let i = 0; i < blocks; i++) {
    list.push(
      { name: `block.${i}.reduce.weight`, shape: [wide, hidden] },
      { name: `block.${i}.reduce.bias`, shape: [hidden] },
      { name: `block.${i}.conv.weight`, shape: [BLOCK_TAPS * hidden, hidden] },
      { name: `block.${i}.conv.bias`, shape: [hidden] },
      { name: `block.${i}.expand.weight`, shape: [hidden, wide] },
      { name: `block.${i}.expand.bias`, shape: [wide] },
    );
  }
  list.push(
    { name: 'head.weight', shape: [wide, head] },
    { name: 'head.bias', shape: [head] },
    { name: 'softmax.weight', shape: [head, 256 * channels] },
    { name: 'softmax.bias', shape: [256 * channels] },
  );
  return list;
}

/**
 * The 0/1 mask of each weight matrix by tensor name, row-major as the tensor. Only connections inside a pixel are ever
 * masked: neighbours' features are known whole.
 */
export function pixelCnnMasks(spec: PixelCnnSpec): Map<string, Float32Array> {
  const { channels, hidden, blocks, head } = spec;
  const narrow = featureGroups(hidden, channels);
  const wide = featureGroups(2 * hidden, channels);
  const heads = featureGroups(head, channels);
  const visible = -1; // known to every group
  const context = new Array<number>(WINDOW_TAPS.length * channels + channels).fill(visible);
  const own = Array.from({ length: channels - 1 }, (_, c) => c);
  const neighbours = new Array<number>((BLOCK_TAPS - 1) * hidden).fill(visible);

  const masks = new Map([['input.weight', channelMask([...context, ...own], wide, 'A')]]);
  for (let i = 0; i < blocks; i++) {
    masks.set(`block.${i}.reduce.weight`, channelMask(wide, narrow, 'B'));
    masks.set(`block.${i}.conv.weight`, channelMask([...neighbours, ...narrow], narrow, 'B'));
    masks.set(`block.${i}.expand.weight`, channelMask(narrow, wide, 'B'));
  }
  masks.set('head.weight', channelMask(wide, heads, 'B'));
  masks.set('softmax.weight', channelMask(heads, featureGroups(256 * channels, channels), 'B'));
  return masks;
}

/** Multiply-accumulates that one pixel costs, masked connections left out. */
function macsPerPixel(spec: PixelCnnSpec): number {
  let macs = 0;
  for (const mask of pixelCnnMasks(spec).values()) macs += mask.reduce((sum, m) => sum + m, 0);
  return macs;
}

export const pixelCnn: Architecture<PixelCnnSpec> = {
  name: 'pixelcnn',
  checkedSpec,
  shapes,
  macsPerPixel,
  depths: [8],
  takesKnowledge: false,
  engineCode: 1,
  engineSpec: ({ channels, hidden, blocks, head, frame }) => [
    channels,
    hidden,
    blocks,
    head,
    frame === 'local' ? 1 : 0,
  ],
};
