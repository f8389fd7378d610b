import { hexText, viewOf } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type ModelSpec, architectureOf, parseSpec } from './architectures.js';
import { mixerFloats } from './mixer-state.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { elementCount } from './tensor-shape.js';

/**
 * Revision of the engine's arithmetic: the order of sums, exp and the other functions, quantisation, and the constants
 * of learning, least squares and mixer. It is part of the model id, since the same weights under another arithmetic
 * give other probabilities: whoever changes one of these raises it.
 */
export const ARITHMETIC_REVISION = 4;

/** What training left behind about itself: shown by `models`, no part of the id. */
export interface TrainingNotes {
  readonly [key: string]: string | number;
}

/** The tensor of a model file that holds `Model.mixer`; no architecture has one of this name. */
const MIXER_STATE = 'mixer.state';

/** A network with its weights. */
export interface Model {
  /** 8 bytes that name these weights under this spec and this arithmetic. */
  readonly id: Uint8Array;
  /** A shipped model's name, or the file's for a user's own. */
  readonly name: string;
  readonly spec: ModelSpec;
  /** f32 weights by tensor name, row-major, in the architecture's order. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** What the engine's mixer starts from, as training left it; null where it starts from nothing. */
  readonly mixer: Float32Array | null;
  readonly notes: TrainingNotes;
}

/**
 * Checks the spec and that the tensors are its own, and computes the id. A tensor `mixer.state`, as long as the mixer's
 * state is, may stand beside them. Throws `model-invalid`.
 */
export function createModel(
  name: string,
  spec: ModelSpec,
  tensors: ReadonlyMap<string, Float32Array>,
  notes: TrainingNotes = {},
): Model {
  const canonical = parseSpec(spec);
  const ordered = new Map<string, Float32Array>();
  for (const { name: tensor, shape } of architectureOf(spec.architecture).shapes(canonical)) {
    const values = tensors.get(tensor);
    const size = elementCount(shape);
    if (!values || values.length !== size) {
      const found = values ? `${values.length} values` : 'nothing';
      throw new PixrnnError(
        'model-invalid',
        `the model needs ${size} values in tensor ${tensor} and has ${found}. Export it again.`,
      );
    }
    ordered.set(tensor, values);
  }
  const mixer = tensors.get(MIXER_STATE) ?? null;
  if (tensors.size !== ordered.size + (mixer ? 1 : 0)) {
    throw new PixrnnError('model-invalid', 'the model has tensors that its spec does not name. Export it again.');
  }
  const length = mixerFloats(canonical.channels);
  if (mixer && mixer.length !== length) {
    throw new PixrnnError(
      'model-invalid',
      `the model's mixer state has ${mixer.length} values where the mixer takes ${length}. Train it again.`,
    );
  }
  return { id: modelId(canonical, ordered, mixer), name, spec: canonical, tensors: ordered, mixer, notes };
}

/** The same network with another start state of the mixer: another model, with another id. */
export function withMixerState({ name, spec, tensors, notes }: Model, state: Float32Array, more: TrainingNotes): Model {
  return createModel(name, spec, new Map([...tensors, [MIXER_STATE, state]]), { ...notes, ...more });
}

/**
 * First 8 bytes of SHA-256 over: "pixrnn model", a zero byte, the arithmetic revision (u32), the spec as canonical JSON
 * with its length before it (u32), then every tensor's values (f32) in the architecture's order and, where there is
 * one, the mixer's start state. Little endian throughout.
 */
function modelId(spec: ModelSpec, tensors: ReadonlyMap<string, Float32Array>, mixer: Float32Array | null): Uint8Array {
  const hash = host().sha256().update(new TextEncoder().encode('pixrnn model\0'));
  const u32 = (n: number): Uint8Array => new Uint8Array([n, n >>> 8, n >>> 16, n >>> 24]);
  const json = new TextEncoder().encode(JSON.stringify(spec));
  hash.update(u32(ARITHMETIC_REVISION)).update(u32(json.length)).update(json);
  for (const values of [...tensors.values(), ...(mixer ? [mixer] : [])]) {
    const bytes = new Uint8Array(values.byteLength);
    const view = viewOf(bytes);
    values.forEach((value, i) => view.setFloat32(4 * i, value, true));
    hash.update(bytes);
  }
  return hash.digest().slice(0, 8);
}

/** The id as the command line and the messages show it: 16 hexadecimal digits. */
export function idText(id: Uint8Array): string {
  return hexText(id);
}

/** A model as a safetensors file; spec and notes stand in its header under `pixrnn.spec` and `pixrnn.notes`. */
export function encodeModel({ spec, tensors, mixer, notes }: Model): Uint8Array {
  const file = new Map<string, { shape: readonly number[]; values: Float32Array }>();
  for (const { name, shape } of architectureOf(spec.architecture).shapes(spec)) {
    file.set(name, { shape, values: tensors.get(name) as Float32Array });
  }
  if (mixer) file.set(MIXER_STATE, { shape: [mixer.length], values: mixer });
  for (const [name, { values }] of file) {
    if (!values.every(Number.isFinite)) {
      throw new PixrnnError(
        'model-invalid',
        `tensor ${name} has a value that is NaN or infinite. Train the model again.`,
      );
    }
  }
  return encodeSafetensors({
    metadata: { 'pixrnn.spec': JSON.stringify(spec), 'pixrnn.notes': JSON.stringify(notes) },
    tensors: file,
  });
}

/** A model out of untrusted bytes. Throws `model-invalid`. */
export function decodeModel(bytes: Uint8Array, name: string): Model {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const spec = parseSpec(parseJson(metadata['pixrnn.spec']));
  for (const { name: tensor, shape } of architectureOf(spec.architecture).shapes(spec)) {
    const found = tensors.get(tensor)?.shape;
    if (found && found.join() !== shape.join()) {
      throw new PixrnnError(
        'model-invalid',
        `tensor ${tensor} has the shape [${found.join(', ')}] and not [${shape.join(', ')}]. Export the model again.`,
      );
    }
  }
  const values = new Map([...tensors].map(([tensor, t]) => [tensor, t.values] as const));
  const notes = parseJson(metadata['pixrnn.notes'] ?? '{}');
  return createModel(name, spec, values, typeof notes === 'object' && notes !== null ? (notes as TrainingNotes) : {});
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new PixrnnError('model-invalid', 'the model header holds text that is not JSON. Export it again.', { cause });
  }
}
