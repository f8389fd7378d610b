/**
 * The sizes of the current network, shared by its parts, and the layout of its layers' tensors. Features are split into
 * one group per channel; "narrow" and "wide" are a group's share of h and of 2h.
 */
import { SPEC } from '../../memory';

/** Kinds of the layers between the first layer and the head, by their number in the spec. */
export const PIXELCNN: i32 = 0;
export const ROW_LSTM: i32 = 1;
export const DIAGONAL_BILSTM: i32 = 2;

/** Gates of an LSTM, in this order: output, forget, input, content. */
export const GATES: i32 = 4;

export let channels: i32 = 0; // C, also the number of groups
export let hidden: i32 = 0; // h
export let blocks: i32 = 0;
export let head: i32 = 0;
export let isLocal: bool = false;
export let kind: i32 = PIXELCNN;
export let output: i32 = 0;
export let components: i32 = 0;
export let isResidual: bool = true;
export let hasSkips: bool = false;
/** Features of the small image's map, 0 without one, and the downsampling factor of the small image. */
export let mapFeatures: i32 = 0;
export let factor: i32 = 1;

export let narrow: i32 = 0;
export let wide: i32 = 0;

/**
 * Reads the spec [C, h, blocks, head, frame (1 = local), kind, output (0 softmax, 1 bernoulli, 2 logistics),
 * components, residual, skip, features of the small image's map, factor].
 */
export function readSpec(): void {
  channels = load<i32>(SPEC);
  hidden = load<i32>(SPEC, 4);
  blocks = load<i32>(SPEC, 8);
  head = load<i32>(SPEC, 12);
  isLocal = load<i32>(SPEC, 16) === 1;
  kind = load<i32>(SPEC, 20);
  output = load<i32>(SPEC, 24);
  components = load<i32>(SPEC, 28);
  isResidual = load<i32>(SPEC, 32) === 1;
  hasSkips = load<i32>(SPEC, 36) === 1;
  mapFeatures = load<i32>(SPEC, 40);
  factor = load<i32>(SPEC, 44);
  narrow = hidden / channels;
  wide = 2 * narrow;
}

export function bytes(floats: i32): usize {
  return <usize>floats << 2;
}
