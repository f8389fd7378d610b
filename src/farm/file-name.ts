import { PixrnnError } from '../errors.js';

const MAX_NAME = 4096;

/**
 * Returns a name that stays below the directory that it is joined to. Names come from jobs, which whoever reaches the queue can write.
 * @throws PixrnnError 'usage' for absolute names, for `.` and `..`, empty parts, and separators of other systems
 */
export function safeName(name: string): string {
  const parts = name.split('/');
  const isSafe = (part: string): boolean => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part);
  if (name.length <= MAX_NAME && parts.every(isSafe) && !/^[a-z]:/i.test(name)) return name;
  throw new PixrnnError('usage', 'its name may leave the directory of the run. Submit it with pixrnn itself.');
}

/** Whether a part of the name is hidden. */
export function isHidden(name: string): boolean {
  return /(^|\/)\./.test(name);
}
