import { idText, type Model } from '../../model/model.js';
import { type DefaultUse, loadShipped, shippedModels } from '../../model/registry.js';
import { assetPath } from '../../node/assets.js';
import { slashed } from '../../node/path-text.js';
import { formatTable } from '../../report/table.js';
import { printJson } from '../batch.js';
import { standard } from '../streams.js';

/** `pixrnn models`. */
export async function listModels({ json }: { json: boolean }): Promise<void> {
  for (const shipped of shippedModels()) {
    const { number, name, asset, defaultFor } = shipped;
    const model = await loadShipped(shipped);
    const path = slashed(assetPath(asset));
    if (json) printJson({ number, name, id: idText(model.id), defaultFor, spec: model.spec, notes: model.notes, path });
    else standard.stdout.write(describe(model, number, defaultFor));
  }
}

function describe({ id, name, spec, notes }: Model, number: number, defaultFor: DefaultUse | null): string {
  const rows = [
    ['  number in files', String(number)],
    ['  id', idText(id)],
    ['  network', describeFields(spec)],
    ...Object.entries(notes).map(([key, value]) => [`  ${key}`, String(value)]),
  ];
  const use = defaultFor === null ? '' : ` (default for ${describeUse(defaultFor)})`;
  return `${name}${use}\n${formatTable(rows, ['left', 'left'])}`;
}

/** "RGB at efforts 1 and 2". */
function describeUse({ channels, efforts }: DefaultUse): string {
  const images = channels === 3 ? 'RGB' : 'gray, palettes and alpha';
  return `${images} at ${efforts.length === 1 ? 'effort' : 'efforts'} ${efforts.join(' and ')}`;
}

/** "pixelcnn, channels 3, hidden 36, ..."; nested objects are in parentheses. */
function describeFields(fields: object): string {
  const described = Object.entries(fields).map(([key, value]: [string, unknown]) =>
    key === 'architecture' ? String(value) : `${key} ${describeValue(value)}`,
  );
  return described.join(', ');
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(describeValue).join(' ');
  return typeof value === 'object' && value !== null ? `(${describeFields(value)})` : String(value);
}
