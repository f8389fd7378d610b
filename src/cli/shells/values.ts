import { choicesOf, type Command, isFlag, type Option, type Positional } from '../command.js';

/** What can stand for a value: words, names of files or folders, or nothing that a shell could know. */
export interface Values {
  readonly words: readonly string[];
  readonly names: 'files' | 'folders' | null;
}

/** What completes the value of an option or a positional; `models` are the names of shipped ones. */
export function valuesOf(of: Option | Positional, models: readonly string[]): Values {
  const words = choicesOf(of);
  if (words.length > 0) return { words, names: null };
  switch (of.value) {
    case 'FILE':
      return { words, names: 'files' };
    case 'FOLDER':
      return { words, names: 'folders' };
    case 'MODEL':
      return { words: models, names: 'files' };
    default:
      return { words, names: null };
  }
}

/** What completes the words of a command that are no options: those of its last positional, which may be a list. */
export function operandsOf(command: Command, commands: readonly Command[]): Values | null {
  if (command.name === 'help')
    return { words: [...new Set(commands.flatMap(({ name }) => name.split(' ')))], names: null };
  const last = Object.values(command.positionals).at(-1);
  return last ? valuesOf(last, []) : null;
}

/** The options of a command that take a value. */
export function optionsWithValue({ options }: Command): [string, Option][] {
  return Object.entries(options).filter(([, option]) => !isFlag(option));
}

/** The commands of two words by their first one: { dataset: [...] }. */
export function families(commands: readonly Command[]): Map<string, Command[]> {
  const byWord = new Map<string, Command[]>();
  for (const command of commands) {
    const [first, second] = command.name.split(' ') as [string, string?];
    if (second !== undefined) byWord.set(first, [...(byWord.get(first) ?? []), command]);
  }
  return byWord;
}

/** The first words of all commands, each once. */
export function firstWords(commands: readonly Command[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0] as string))];
}

/** A text as one word of a shell, whatever is in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
