import { PixrnnError } from '../errors.js';
import { type Command, GLOBAL_SWITCHES, switches } from './command.js';
import { COMMAND_WORDS, COMMANDS, type Family } from './commands.js';
import { listText } from './messages.js';
import { didYouMean, nearest } from './suggestions.js';

/** Returns an error about the command line, with a hint to the help page of a command. */
export function usageError(message: string, about?: Command | Family): PixrnnError {
  const hint = about === undefined ? '' : ` Run "pixrnn ${about.name} --help" for usage.`;
  return new PixrnnError('usage', message + hint);
}

/** Returns the error for an unknown command; `family` if its second word is unknown. */
export function unknownCommandError(word: string, family: Family | null): PixrnnError {
  const words = family === null ? COMMAND_WORDS : family.members.map(({ name }) => name.slice(family.name.length + 1));
  const what = `unknown command ${word}.${didYouMean(word, words)}`;
  return family === null
    ? new PixrnnError('usage', `${what} Run "pixrnn --help" for usage.`)
    : usageError(what, family);
}

/** Returns the error for unknown options. */
export function unknownOptionsError(command: Command, given: readonly string[]): PixrnnError {
  const [first] = given;
  const many = given.length > 1 ? 's:' : '';
  const known = [...switchesOf(command), ...GLOBAL_SWITCHES];
  const meant = given.flatMap((option) => nearestSwitch(option, known) ?? []);
  const elsewhere = given.length === 1 && first !== undefined ? commandsWith(first) : [];
  const advice =
    elsewhere.length > 0
      ? `: it is an option of ${listText(elsewhere, 'and')}, not of ${command.name}.`
      : meant.length > 0
        ? `. Did you mean ${listText([...new Set(meant)], 'and')}?`
        : '.';
  return usageError(`unknown option${many} ${given.join(', ')}${advice}`, command);
}

/** Returns the error for a command line that begins with an option and names no command. */
export function noCommandError(argument: string): PixrnnError {
  const option = argument.replace(/=.*$/s, '');
  const owners = commandsWith(option);
  const meant = nearestSwitch(option, GLOBAL_SWITCHES);
  const what =
    owners.length > 0
      ? `no command given: ${option} is an option of ${listText(owners, 'and')}.`
      : `unknown option ${option}.${meant === null ? '' : ` Did you mean ${meant}?`}`;
  return new PixrnnError('usage', `${what} Run "pixrnn --help" for usage.`);
}

/** Returns the error for missing positionals or required options. */
export function missingError(command: Command, kind: 'arguments' | 'options', missing: readonly string[]): PixrnnError {
  const names = listText(missing, 'and');
  const [line] = command.examples[0];
  const noun = missing.length > 1 ? kind : kind.slice(0, -1);
  return usageError(`missing ${noun}: ${names}. Example: "pixrnn ${line}".`, command);
}

function switchesOf({ options }: Command): string[] {
  return Object.entries(options).flatMap(([name, option]) => switches(name, option));
}

/** Returns the most similar long option; null for single letters, which resemble many. */
function nearestSwitch(given: string, known: readonly string[]): string | null {
  const long = known.filter((name) => /^--.{3}/.test(name)).map((name) => name.slice(2)); // not --rm, which resembles any two letters
  const letters = given.replace(/^--?/, '');
  const name = letters.length > 1 ? nearest(letters, long) : null;
  return name === null ? null : `--${name}`;
}

/** Returns the names of the commands that have an option. */
function commandsWith(given: string): string[] {
  return COMMANDS.filter((command) => switchesOf(command).includes(given)).map(({ name }) => name);
}
