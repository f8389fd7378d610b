import { hexText, viewOf } from '../bytes.js';
import { PixrnnError } from '../errors.js';
import { host } from '../host/host.js';
import { type ModelSpec, architectureOf, parseSpec } from './architectures.js';
import { mixerFloats } from './mixer-state.js';
import { decodeSafetensors, encodeSafetensors } from './safetensors.js';
import { elementCount } from './tensor-shape.js';

/**
 * Revision of the engine's arithmetic: the order of sums, exp and the other functions, quantisation, and the constants
 * of learning, least squares and the mixer. It is part of the model id, since the same weights give other probabilities
 * under another arithmetic. Increment it with every such change.
 */
export const ARITHMETIC_REVISION = 4;

/** Notes from training, which `models` prints; not part of the id. */
export interface TrainingNotes {
  readonly [key: string]: string | number;
}

/** Name of the tensor for `Model.mixer` in a model file; no architecture has a tensor of this name. */
const MIXER_STATE = 'mixer.state';

/** A network with its weights. */
export interface Model {
  /** 8 bytes that identify these weights with this spec and arithmetic. */
  readonly id: Uint8Array;
  /** A shipped model's name, or the name of a user's file. */
  readonly name: string;
  readonly spec: ModelSpec;
  /** f32 weights by tensor name, row-major, in the architecture's order. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** Trained start state of the engine's mixer; null to start untrained. */
  readonly mixer: Float32Array | null;
  readonly notes: TrainingNotes;
}

/**
 * Returns a model with its id, after checking the spec and its tensors. `tensors` may also contain `mixer.state`, with
 * the length of the mixer's state. Throws `model-invalid`.
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
        `the model needs ${size} values in tensor ${tensor}, but has ${found}. Export it again.`,
      );
    }
    ordered.set(tensor, values);
  }
  const mixer = tensors.get(MIXER_STATE) ?? null;
  if (tensors.size !== ordered.size + (mixer ? 1 : 0)) {
    throw new PixrnnError('model-invalid', 'the model has tensors that its spec does not have. Export it again.');
  }
  const length = mixerFloats(canonical);
  if (mixer && mixer.length !== length) {
    throw new PixrnnError(
      'model-invalid',
      `the model's mixer state has ${mixer.length} values instead of ${length}. Train it again.`,
    );
  }
  return { id: modelId(canonical, ordered, mixer), name, spec: canonical, tensors: ordered, mixer, notes };
}

/** Returns the same network with another start state of the mixer: a different model with a different id. */
export function withMixerState({ name, spec, tensors, notes }: Model, state: Float32Array, more: TrainingNotes): Model {
  return createModel(name, spec, new Map([...tensors, [MIXER_STATE, state]]), { ...notes, ...more });
}

/**
 * Returns the first 8 bytes of the SHA-256 of: "pixrnn model", a zero byte, the arithmetic revision (u32), the spec as
 * canonical JSON prefixed by its length (u32), every tensor's values (f32) in the architecture's order, and the mixer's
 * start state, if any. Little-endian throughout.
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

/** Returns an id as the command line and messages print it: 16 hexadecimal digits. */
export function idText(id: Uint8Array): string {
  return hexText(id);
}

/** Returns a model as a safetensors file, with spec and notes in the header as `pixrnn.spec` and `pixrnn.notes`. */
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

/** Parses a model from untrusted bytes. Throws `model-invalid`. */
export function decodeModel(bytes: Uint8Array, name: string): Model {
  const { metadata, tensors } = decodeSafetensors(bytes);
  const spec = parseSpec(parseJson(metadata['pixrnn.spec']));
  for (const { name: tensor, shape } of architectureOf(spec.architecture).shapes(spec)) {
    const found = tensors.get(tensor)?.shape;
    if (found && found.join() !== shape.join()) {
      throw new PixrnnError(
        'model-invalid',
        `tensor ${tensor} has the shape [${found.join(', ')}] instead of [${shape.join(', ')}]. Export the model again.`,
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
    throw new PixrnnError('model-invalid', 'the header of the model contains invalid JSON. Export it again.', {
      cause,
    });
  }
}
