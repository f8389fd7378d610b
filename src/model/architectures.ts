import { PixrnnError } from '../errors.js';
import type { Architecture } from './architecture.js';
import { multiScale, type MultiScaleSpec } from './multi-scale.js';
import { photo, type PhotoSpec } from './photo.js';
import { pixelRnnArchitectures } from './pixelrnn/architectures.js';
import type { PixelRnnSpec } from './pixelrnn/spec.js';
import { elementCount } from './tensor-shape.js';

/** The specs of all architectures there are; a new model adds its own here and in `ARCHITECTURES`. */
export type ModelSpec = PixelRnnSpec | MultiScaleSpec | PhotoSpec;

/** As many as a file of weights may hold: 256 MiB. */
const MAX_WEIGHTS = 2 ** 26;

const ARCHITECTURES: readonly Architecture<ModelSpec>[] = [...pixelRnnArchitectures, multiScale, photo];

/** The architecture of a name. Throws `model-invalid` for one that this version does not know. */
export function architectureOf(name: unknown): Architecture<ModelSpec> {
  const found = ARCHITECTURES.find((a) => a.name === name);
  if (!found) {
    const known = ARCHITECTURES.map((a) => a.name).join(', ');
    throw new PixrnnError(
      'model-invalid',
      `the model's architecture is ${JSON.stringify(name)}; this version knows ${known}. Use a newer pixrnn.`,
    );
  }
  return found;
}

/** A spec out of untrusted JSON. */
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
      `the model would have ${weights} weights, more than ${MAX_WEIGHTS}. Use a smaller one.`,
    );
  }
  return spec;
}
