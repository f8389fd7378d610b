/*
 * What a system has that others lack. Tests that need it are skipped with the reason; tests that only include it leave it out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellWord, slashed } from '#pixrnn/node/path-text.js';
import type { Skip } from './needs.js';

export const IS_WINDOWS = process.platform === 'win32';

/** A part of a file name that breaks a line on a terminal; a space on Windows, whose names have no line breaks. */
export const LINE_BREAK = IS_WINDOWS ? ' ' : '\n';

/** Returns a path as a message shows it, in the form of `Run.stderr`. */
export function shown(path: string): string {
  return slashed(shellWord(path));
}

/** Why a test that needs a named pipe cannot run. */
export const needsFifos: Skip = IS_WINDOWS && 'Windows has no named pipes in directories';

/** Creates a named pipe. Returns false on Windows, which has none. */
export function makeFifo(path: string): boolean {
  if (!IS_WINDOWS) execFileSync('mkfifo', [path]);
  return !IS_WINDOWS;
}

/** Why a test that sends a signal to a process cannot run. */
export const needsSignals: Skip = IS_WINDOWS && 'Windows ends a process instead of sending it a signal';

/** Why a test that needs symbolic links cannot run. */
export const needsLinks: Skip = !hasLinks() && 'this system or user cannot create symbolic links';

/** Creates a symbolic link. Returns false where that is impossible. */
export function makeLink(target: string, path: string): boolean {
  if (needsLinks === false) symlinkSync(target, path);
  return needsLinks === false;
}

/** On Windows, links need a privilege; Wine makes links that do not work. */
function hasLinks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'pixrnn-links-'));
  try {
    writeFileSync(join(folder, 'target'), '');
    symlinkSync('target', join(folder, 'link'));
    return existsSync(join(folder, 'link'));
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
