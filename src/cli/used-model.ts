import { shellWord } from '../node/path-text.js';
import type { ContainerHeader, PrnnFile } from '../codec/container.js';
import { idText, type Model } from '../model/model.js';
import { referenceName, referenceOf } from '../model/registry.js';

type NamedModels = Pick<ContainerHeader, 'rgbModel' | 'grayModel'>;

/** Returns the models that decoding a file needs. */
export function modelsOf(file: PrnnFile): NamedModels {
  return 'header' in file ? file.header : { rgbModel: null, grayModel: null };
}

/** Returns the names of the models that a file needs. */
export function modelNames({ rgbModel, grayModel }: NamedModels): string[] {
  return [rgbModel, grayModel].flatMap((reference) => (reference === null ? [] : [referenceName(reference)]));
}

/** Whether a file needs a model. */
export function isUsed({ rgbModel, grayModel }: NamedModels, model: Model): boolean {
  return [rgbModel, grayModel].some((reference) => {
    if (reference === null) return false;
    return typeof reference === 'number' ? reference === referenceOf(model) : idText(reference) === idText(model.id);
  });
}

/** Returns the remark on a --model that has no effect; `why` as in "the file needs no model". */
export function unusedModelRemark(name: string, why: string): string {
  return `--model ${shellWord(name)} is not used: ${why}`;
}

/** Returns why a file does not need the given model. */
export function whyUnused(header: NamedModels): string {
  const names = modelNames(header);
  return names.length === 0 ? 'the file needs no model' : `the file names ${names.join(' and ')}`;
}
