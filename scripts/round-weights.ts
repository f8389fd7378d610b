/**
 * Rounds the weights of a model file, and the start state of its mixer, to bfloat16, in which they need half of the bytes:
 * `npm run round-weights -- IN OUT`. The result is another model, so its likelihood must be measured again.
 */
import { createModel, withMixerState } from '#pixrnn/model/model.js';
import { toBfloat16 } from '#pixrnn/model/safetensors.js';
import { convertModel } from './convert-model.js';

await convertModel(({ name, spec, tensors, mixer, notes }) => {
  const rounded = new Map([...tensors].map(([tensor, values]) => [tensor, toBfloat16(values)]));
  const plain = createModel(name, spec, rounded, notes);
  return mixer ? withMixerState(plain, toBfloat16(mixer), {}) : plain;
});
