/**
 * Writes a photo model that does not learn while coding: `npm run stop-learning -- IN OUT`. It is for images so small that
 * learning in them costs more than it gains; see docs/TRAINING.md.
 */
import { withoutLearning } from '#pixrnn/train/without-learning.js';
import { convertModel } from './convert-model.js';

await convertModel(withoutLearning);
