/**
 * Writes the model card models/NAME.md from the metadata of the weight file and the command line.
 * `npm run model-card -- NAME --title TEXT --data TEXT --command TEXT --time TEXT`
 */
import '#pixrnn/node/install.js';
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { sha256Text } from '#pixrnn/codec/check.js';
import { architectureOf, type ModelSpec } from '#pixrnn/model/architectures.js';
import { idText } from '#pixrnn/model/model.js';
import { assetPath } from '#pixrnn/node/assets.js';
import { outputOf } from '#pixrnn/model/pixelrnn/spec.js';
import { loadShipped, shippedModels } from '#pixrnn/model/registry.js';
import { elementCount } from '#pixrnn/model/tensor-shape.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    title: { type: 'string' },
    data: { type: 'string' },
    command: { type: 'string' },
    time: { type: 'string' },
    remarks: { type: 'string', default: '' },
  },
});
const [name] = positionals;
const { title, data, command, time, remarks } = values;
const shipped = shippedModels().find((model) => model.name === name);
if (!name || !shipped || !title || !data || !command || !time) {
  throw new Error('Name a shipped model, and give --title, --data, --command and --time.');
}

const file = assetPath(shipped.asset);
const model = await loadShipped(shipped);
const { spec, notes } = model;
const architecture = architectureOf(spec.architecture);
const weights = architecture.shapes(spec).reduce((sum, { shape }) => sum + elementCount(shape), 0);
const count = (n: number): string => n.toLocaleString('en');
const pixels = Number(notes.steps) * Number(notes.batch) * Number(notes.crop) ** 2;
const mean = notes.average === undefined ? '' : `; the running mean of the weights (decay ${notes.average})`;
const RULES: Readonly<Record<string, string>> = { rmsprop: 'RMSProp (decay 0.95, ', adamw: 'AdamW (', muon: 'Muon (' };
// Models of older versions, all trained with the paper's optimizer, have no such notes.
const rule = RULES[notes.optimizer ?? 'rmsprop'];
const training = `${count(Number(notes.steps))} steps of ${rule}momentum ${notes.momentum ?? 0.9}), ${notes.batch} crops of ${notes.crop}x${notes.crop} per step: ${count(Math.round(pixels / 1e6))} million pixels${mean}`;
const rows = [
  ['Network', networkText(spec)],
  [
    'Weights',
    `${count(weights)} (masked ones included), ${count(architecture.macsPerPixel(spec))} multiply-accumulates per pixel`,
  ],
  ['Number in files', String(shipped.number)],
  ['Model id', `\`${idText(model.id)}\``],
  ['SHA-256', `\`${sha256Text(await readFile(file))}\``],
  ['Data', data],
  ['Training', training],
  ['Time', time],
  ['Command', `\`${command}\``],
  [
    'Held out',
    `${Number(notes.heldOutBitsPerDim).toFixed(4)} bits/dim, measured by the engine on images not used for training`,
  ],
];
const table = ['|  |  |', '| --- | --- |', ...rows.map((cells) => `| ${cells.join(' | ')} |`)];
const folder = `training/${name}`;
const text = [
  `# ${name}`,
  `${title}: \`--model ${name}\`.`,
  table.join('\n'),
  remarks,
  `Learning curve and log: [${folder}](${folder}).`,
  `![learning curve](${folder}/curve.svg)`,
];
await writeFile(
  file.replace(/\.safetensors$/, '.md'),
  await format(text.filter(Boolean).join('\n\n'), { parser: 'markdown' }),
);

function networkText(given: ModelSpec): string {
  switch (given.architecture) {
    case 'photo':
      return `photo: ${given.features} features, ${given.blocks} residual blocks, ${given.components} logistic components`;
    case 'multi-scale':
      return given.scales.map((scale, i) => `scale ${i}: ${networkText(scale)}`).join('; ');
    default: {
      const { architecture: kind, hidden, blocks, head, frame, channels, condition } = given;
      const small = condition
        ? `, conditioned on every ${condition.factor}nd pixel of every ${condition.factor}nd row by a map of ${condition.features} features`
        : '';
      return `${kind}: h = ${hidden}, ${blocks} layer${blocks === 1 ? '' : 's'}, ${head} features before the output, ${outputOf(given)}, frame \`${frame}\`, ${channels} channel${channels === 1 ? '' : 's'}${small}`;
    }
  }
}
