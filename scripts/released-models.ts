import '#pixrnn/node/install.js';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Text } from '#pixrnn/codec/check.js';
import { decodeModel, idText } from '#pixrnn/model/model.js';
import { shippedModels } from '#pixrnn/model/registry.js';

/*
 * models/released.json: the models that releases have shipped. Files refer to them by number, so that no later release
 * may change or remove one: docs/FORMAT.md, "Versions".
 */

export const RELEASED_MODELS = 'models/released.json';

/** A model of a release. */
export interface ReleasedModel {
  /** Its number in files. */
  readonly number: number;
  readonly name: string;
  readonly id: string;
  /** SHA-256 of its weight file. */
  readonly sha256: string;
  /** The first release that ships it. */
  readonly since: string;
}

/** Returns the releases that a changelog dates: those that are not "unreleased". */
export function datedReleases(changelog: string): Set<string> {
  return new Set(
    [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/gm)].map(([, version]) => version!),
  );
}

/**
 * Returns the list with the current models: those of dated releases stay as they are, all others are of the release `next`.
 * @throws Error if a model of a dated release is not among the current ones, or has other weights
 */
export function updatedModels(
  before: readonly ReleasedModel[],
  current: readonly Omit<ReleasedModel, 'since'>[],
  dated: ReadonlySet<string>,
  next: string,
): ReleasedModel[] {
  const fixed = before.filter(({ since }) => dated.has(since));
  for (const { number, name, id, sha256, since } of fixed) {
    const same = current.find((model) => model.number === number);
    if (same?.name !== name || same.id !== id || same.sha256 !== sha256) {
      const what = `model ${number}, ${name}, was released in ${since} and is ${same ? 'changed' : 'removed'}`;
      throw new Error(`${what}. Restore its weights, and give the new ones a new number.`);
    }
  }
  return current.map((model) => fixed.find(({ number }) => number === model.number) ?? { ...model, since: next });
}

/** Returns the shipped models of the repository in the directory `root`. */
export function currentModels(root: string): Omit<ReleasedModel, 'since'>[] {
  return shippedModels().map(({ number, name, asset }) => {
    const bytes = new Uint8Array(readFileSync(join(root, asset)));
    return { number, name, id: idText(decodeModel(bytes, name).id), sha256: sha256Text(bytes) };
  });
}

/** Returns the models of models/released.json; none if there is no such file. */
export function readReleased(root: string): ReleasedModel[] {
  const path = join(root, RELEASED_MODELS);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ReleasedModel[]) : [];
}

/** Returns the new text of models/released.json. */
export function releasedText(root: string): string {
  const text = (name: string): string => readFileSync(join(root, name), 'utf8');
  const { version } = JSON.parse(text('package.json')) as { version: string };
  const dated = datedReleases(text('CHANGELOG.md'));
  const models = updatedModels(readReleased(root), currentModels(root), dated, version);
  return `${JSON.stringify(models, null, 1)}\n`;
}
