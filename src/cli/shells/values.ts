import { choicesOf, type Command, isFlag, type Option, type Positional } from '../command.js';

/** The completions of a value: words, and names of files or directories. Both may be empty. */
export interface Values {
  readonly words: readonly string[];
  readonly names: 'files' | 'folders' | null;
}

/** Returns the completions of an option or a positional; `models` are the names of the shipped models. */
export function valuesOf(of: Option | Positional, models: readonly string[]): Values {
  const words = choicesOf(of);
  if (words.length > 0) return { words, names: null };
  switch (of.value) {
    case 'FILE':
      return { words, names: 'files' };
    case 'DIR':
      return { words, names: 'folders' };
    case 'MODEL':
      return { words: models, names: 'files' };
    default:
      return { words, names: null };
  }
}

/** Returns the completions of a command's operands: those of its last positional, which may be a list. */
export function operandsOf(command: Command, commands: readonly Command[]): Values | null {
  if (command.name === 'help')
    return { words: [...new Set(commands.flatMap(({ name }) => name.split(' ')))], names: null };
  const last = Object.values(command.positionals).at(-1);
  return last ? valuesOf(last, []) : null;
}

/** Returns the options of a command that have a value. */
export function optionsWithValue({ options }: Command): [string, Option][] {
  return Object.entries(options).filter(([, option]) => !isFlag(option));
}

/** Returns the commands of two words, grouped by the first: { dataset: [...] }. */
export function families(commands: readonly Command[]): Map<string, Command[]> {
  const byWord = new Map<string, Command[]>();
  for (const command of commands) {
    const [first, second] = command.name.split(' ') as [string, string?];
    if (second !== undefined) byWord.set(first, [...(byWord.get(first) ?? []), command]);
  }
  return byWord;
}

/** Returns the first words of all commands, without duplicates. */
export function firstWords(commands: readonly Command[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0] as string))];
}

/** Quotes a text as one word of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
