import { pathToFileURL } from 'node:url';
import { imageTarget } from './image-target.js';
import { jpegTarget } from './jpeg-target.js';
import { prnnTarget } from './prnn-target.js';
import { type Execute, IMAGE_TARGETS } from './target.js';

/**
 * Returns the target of this name; of a path, what the module exports as `execute`.
 * @throws Error for another name
 */
export async function targetOf(name: string): Promise<Execute> {
  const image = IMAGE_TARGETS.find((target) => target === name);
  if (image) return imageTarget(image);
  if (name === 'prnn') return prnnTarget();
  if (name === 'jpeg') return jpegTarget();
  if (!name.endsWith('.js')) throw new Error(`there is no target ${name}`);
  return ((await import(pathToFileURL(name).href)) as { execute: Execute }).execute;
}
