import { PixrnnError } from '../errors.js';
import type { Architecture } from './architecture.js';
import { multiScale, type MultiScaleSpec } from './multi-scale.js';
import { photo, type PhotoSpec } from './photo.js';
import { pixelRnnArchitectures } from './pixelrnn/architectures.js';
import type { PixelRnnSpec } from './pixelrnn/spec.js';
import { elementCount } from './tensor-shape.js';

/** The specs of all architectures. Add a new model's spec here and to `ARCHITECTURES`. */
export type ModelSpec = PixelRnnSpec | MultiScaleSpec | PhotoSpec;

/** Maximum number of weights in a model file: 256 MiB. */
const MAX_WEIGHTS = 2 ** 26;

const ARCHITECTURES: readonly Architecture<ModelSpec>[] = [...pixelRnnArchitectures, multiScale, photo];

/** Returns the architecture with this name. Throws `model-invalid` if this version does not support it. */
export function architectureOf(name: unknown): Architecture<ModelSpec> {
  const found = ARCHITECTURES.find((a) => a.name === name);
  if (!found) {
    const known = ARCHITECTURES.map((a) => a.name).join(', ');
    throw new PixrnnError(
      'model-invalid',
      `the model's architecture is ${JSON.stringify(name)}, but this version supports only ${known}. Use a newer pixrnn.`,
    );
  }
  return found;
}

/** Parses a spec from untrusted JSON. */
export function parseSpec(json: unknown): ModelSpec {
  if (typeof json !== 'object' || json === null) {
    throw new PixrnnError('model-invalid', 'the model has no spec. Export it with `pixrnn train`.');
  }
  const fields = json as Record<string, unknown>;
  const architecture = architectureOf(fields.architecture);
  const spec = architecture.checkedSpec(fields);
  const weights = architecture.shapes(spec).reduce((sum, { shape }) => sum + elementCount(shape), 0);
  if (weights > MAX_WEIGHTS) {
    throw new PixrnnError(
      'model-invalid',
      `the model would have ${weights} weights, more than ${MAX_WEIGHTS}. Use a smaller model.`,
    );
  }
  return spec;
}
