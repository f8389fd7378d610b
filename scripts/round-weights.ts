/**
 * Rounds the weights of a model file, and the start state of its mixer, to bfloat16, in which they need half of the bytes:
 * `npm run round-weights -- IN OUT`. The result is another model, so its likelihood must be measured again.
 */
import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { createModel, encodeModel, idText, withMixerState } from '#pixrnn/model/model.js';
import { toBfloat16 } from '#pixrnn/model/safetensors.js';
import { loadModel } from '#pixrnn/node/model-file.js';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('Name a model file and the file to write.');
const { spec, tensors, mixer, notes } = await loadModel(from);
const rounded = new Map([...tensors].map(([tensor, values]) => [tensor, toBfloat16(values)]));
const plain = createModel(to, spec, rounded, notes);
const model = mixer ? withMixerState(plain, toBfloat16(mixer), {}) : plain;
await writeFile(to, encodeModel(model));
console.log(`${to}: ${idText(model.id)}`);
