import { PixrnnError } from '../errors.js';
import { type Command, GLOBAL_SWITCHES, switches } from './command.js';
import { COMMAND_WORDS, COMMANDS, type Family } from './commands.js';
import { listText } from './messages.js';
import { didYouMean, nearest } from './suggestions.js';

/** A complaint of the command line, with where to read on. */
export function usageError(what: string, about?: Command | Family): PixrnnError {
  const hint = about === undefined ? '' : ` Run "pixrnn ${about.name} --help" to see what there is.`;
  return new PixrnnError('usage', what + hint);
}

/** A command that there is not; `family` where it is the second word that is wrong. */
export function unknownCommandError(word: string, family: Family | null): PixrnnError {
  const words = family === null ? COMMAND_WORDS : family.members.map(({ name }) => name.slice(family.name.length + 1));
  const what = `Unknown command ${word}.${didYouMean(word, words)}`;
  return family === null
    ? new PixrnnError('usage', `${what} Run "pixrnn --help" to see what there is.`)
    : usageError(what, family);
}

/** Options that a command does not have. */
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
  return usageError(`Unknown option${many} ${given.join(', ')}${advice}`, command);
}

/** A line that begins with an option and names no command. */
export function noCommandError(argument: string): PixrnnError {
  const option = argument.replace(/=.*$/s, '');
  const owners = commandsWith(option);
  const meant = nearestSwitch(option, GLOBAL_SWITCHES);
  const what =
    owners.length > 0
      ? `There is no command: ${option} is an option of ${listText(owners, 'and')}.`
      : `Unknown option ${option}.${meant === null ? '' : ` Did you mean ${meant}?`}`;
  return new PixrnnError('usage', `${what} Run "pixrnn --help" to see what there is.`);
}

/** Files, words or options without which a command cannot begin. */
export function missingError(command: Command, kind: 'arguments' | 'options', missing: readonly string[]): PixrnnError {
  const names = listText(missing, 'and');
  const [line] = command.examples[0];
  const [are, s] = missing.length > 1 ? ['are', 's'] : ['is', ''];
  const what = kind === 'options' ? `Missing option${s}: ${names}` : `Not enough arguments: ${names} ${are} missing`;
  return usageError(`${what}. For example "pixrnn ${line}".`, command);
}

function switchesOf({ options }: Command): string[] {
  return Object.entries(options).flatMap(([name, option]) => switches(name, option));
}

/** The long option that was probably meant; a single letter can mean anything. */
function nearestSwitch(given: string, known: readonly string[]): string | null {
  const long = known.filter((name) => /^--.{3}/.test(name)).map((name) => name.slice(2)); // --rm is like any two letters
  const letters = given.replace(/^--?/, '');
  const name = letters.length > 1 ? nearest(letters, long) : null;
  return name === null ? null : `--${name}`;
}

/** The names of the commands that have an option. */
function commandsWith(given: string): string[] {
  return COMMANDS.filter((command) => switchesOf(command).includes(given)).map(({ name }) => name);
}
