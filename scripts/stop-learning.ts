/**
 * Writes a photo model that does not learn while coding: `npm run stop-learning -- IN OUT`. It is for images so small that
 * learning in them costs more than it gains; see docs/TRAINING.md.
 */
import '#pixrnn/node/install.js';
import { writeFile } from 'node:fs/promises';
import { encodeModel, idText } from '#pixrnn/model/model.js';
import { loadModel } from '#pixrnn/node/model-file.js';
import { withoutLearning } from '#pixrnn/train/without-learning.js';

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) throw new Error('Name a model file and the file to write.');
const model = withoutLearning(await loadModel(from));
await writeFile(to, encodeModel(model));
console.log(`${to}: ${idText(model.id)}`);
