import type { ContainerHeader } from '../codec/container.js';
import { idText, type Model } from '../model/model.js';
import { referenceName, referenceOf } from '../model/registry.js';
import { escapeControls } from './messages.js';

type NamedModels = Pick<ContainerHeader, 'rgbModel' | 'grayModel'>;

/** The names of the models that decode a file. */
export function modelNames({ rgbModel, grayModel }: NamedModels): string[] {
  return [rgbModel, grayModel].flatMap((reference) => (reference === null ? [] : [referenceName(reference)]));
}

/** Whether a model decodes a file. */
export function isUsed({ rgbModel, grayModel }: NamedModels, model: Model): boolean {
  return [rgbModel, grayModel].some((reference) => {
    if (reference === null) return false;
    return typeof reference === 'number' ? reference === referenceOf(model) : idText(reference) === idText(model.id);
  });
}

/** What is said of a --model that had no influence; `why` as "the file names no model". */
export function unusedModelRemark(name: string, why: string): string {
  return `--model ${escapeControls(name)} is not used: ${why}`;
}

/** Why a model that was given does not decode a file. */
export function whyUnused(header: NamedModels): string {
  const names = modelNames(header);
  return names.length === 0 ? 'the file needs no model' : `the file names ${names.join(' and ')}`;
}
