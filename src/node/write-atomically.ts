import { type PathLike, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Error codes of Windows while another program holds a file open: a viewer, an indexer, a virus scanner. */
const BUSY_CODES = new Set(['EBUSY', 'EPERM', 'EACCES']);
/** Milliseconds to wait for another program, in all and at a time. */
const PATIENCE = { total: 5000, longest: 500 };

/** Whether another program may hold the file open that an action failed on. */
export function isHeldOpen(error: unknown, platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'win32' && BUSY_CODES.has((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * Runs an action and, on Windows, repeats it for some seconds while another program holds its file open. The first attempt is synchronous.
 * @throws what the last attempt throws
 */
export async function untilFree<T>(
  action: () => T,
  { platform = process.platform, patience = PATIENCE }: { platform?: NodeJS.Platform; patience?: typeof PATIENCE } = {},
): Promise<T> {
  const end = performance.now() + patience.total;
  for (let wait = 10; ; wait = Math.min(2 * wait, patience.longest)) {
    try {
      return action();
    } catch (error) {
      if (!isHeldOpen(error, platform) || performance.now() >= end) throw error;
    }
    await setTimeout(wait);
  }
}

/**
 * Writes a file through a temporary one of a fixed name, which a killed run may have left.
 * @throws NodeJS.ErrnoException
 */
export async function writeFileThrough(temporary: string, path: string, bytes: Uint8Array | string): Promise<void> {
  rmSync(temporary, { force: true });
  await writeAtomically(temporary, bytes, { place: () => renameSync(temporary, path) });
}

/**
 * Writes a new file under a temporary name, flushes it and calls `place`, which links or renames it. The temporary file is removed if that
 * fails, and when a signal ends the process.
 * @param prepare is called before `place`
 * @throws NodeJS.ErrnoException
 */
export async function writeAtomically<T>(
  temporary: PathLike,
  bytes: Uint8Array | string,
  { mode = 0o666, prepare, place }: { mode?: number; prepare?: () => void; place: () => T },
): Promise<T> {
  const remove = (): void => rmSync(temporary, { force: true });
  process.on('exit', remove);
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', mode, flush: true });
    prepare?.();
    return await untilFree(place);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
