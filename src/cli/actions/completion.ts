import { basename } from 'node:path';
import { shellWord } from '../../node/path-text.js';
import { PixrnnError } from '../../errors.js';
import { shippedModels } from '../../model/registry.js';
import type { Command } from '../command.js';
import { listText } from '../messages.js';
import { bashScript } from '../shells/bash.js';
import { fishScript } from '../shells/fish.js';
import { powershellScript } from '../shells/powershell.js';
import { type Shell, SHELLS } from '../shells/names.js';
import { zshScript } from '../shells/zsh.js';
import { standard } from '../streams.js';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript } as const;

/** `pixrnn completion`. */
export function printCompletion(
  { shell = shellOf(process.env.SHELL) }: { shell: Shell | undefined },
  commands: readonly Command[],
): void {
  const models = shippedModels().map(({ name }) => name);
  standard.stdout.write(SCRIPTS[shell](commands, models));
}

/**
 * Returns the shell of $SHELL, which Windows does not set for PowerShell.
 * @throws PixrnnError 'usage' if there is no script for it
 */
export function shellOf(path = ''): Shell {
  if (path === '' && process.platform === 'win32') return 'powershell';
  const name = basename(path, '.exe');
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return shell;
  const what = path === '' ? '$SHELL is not set.' : `$SHELL is ${shellWord(path)}, which is not supported.`;
  throw new PixrnnError('usage', `${what} Name a shell: ${listText(SHELLS, 'or')}.`);
}
