import yargs, { type Options, type PositionalOptions } from 'yargs';
import { slashed } from '../node/path-text.js';
import { PixrnnError } from '../errors.js';
import { choicesOf, type Command, isFlag, type Option, type Positional, switches, synopsis } from './command.js';
import { listText } from './messages.js';
import { checkNumbers, protectFileNames, restoreStream } from './options.js';
import { didYouMean } from './suggestions.js';
import { missingError, unknownOptionsError, usageError } from './usage-errors.js';

/** The command name that yargs sees; real names may have two words. */
const WORD = 'run';

/**
 * Parses the arguments of a command.
 * @param argv without the command's own words
 * @throws PixrnnError 'usage' for unknown or missing arguments and invalid values
 */
export function parseArguments(given: Command, argv: readonly string[]): Record<string, unknown> {
  const command = withoutFiles(given, argv);
  const unknown = unknownOptions(command, argv);
  if (unknown.length > 0) throw unknownOptionsError(command, unknown);
  let parsed: Record<string, unknown> | undefined;
  yargs([WORD, ...protectFileNames(argv)])
    .scriptName('pixrnn')
    .locale('en')
    .help(false)
    .version(false)
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false })
    .command({
      command: synopsis({ ...command, name: WORD }),
      builder: (cli) => {
        for (const [name, positional] of Object.entries(command.positionals)) {
          cli.positional(name, positionalForYargs(positional));
        }
        for (const [name, option] of Object.entries(command.options)) cli.option(name, forYargs(option));
        return command.conflicts ? cli.conflicts(...command.conflicts) : cli;
      },
      handler: (args) => {
        parsed = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, restoreStream(value)]));
      },
    })
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw isOfYargs(error) ? yargsError(command, message || error.message) : error;
    })
    .parseSync();
  if (parsed === undefined) throw new Error(`yargs did not read the arguments of ${command.name}`);
  checkValues(command, parsed);
  checkNumbers(parsed);
  return withSlashes(command, parsed);
}

/** Returns the arguments with `/` in paths, also on Windows. */
function withSlashes({ options, positionals }: Command, args: Record<string, unknown>): Record<string, unknown> {
  const isPath = (name: string): boolean =>
    ['FILE', 'DIR', 'MODEL'].includes((options[name] ?? positionals[name])?.value ?? '');
  const converted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(converted);
    return typeof value === 'string' ? slashed(value) : value;
  };
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, isPath(name) ? converted(value) : value]),
  );
}

/** A run that is followed has its files: --follow needs no others. */
function withoutFiles(command: Command, argv: readonly string[]): Command {
  if (!('follow' in command.options) || !argv.some((word) => /^--follow(=|$)/.test(word))) return command;
  const optional = Object.entries(command.positionals).map(([name, positional]): [string, Positional] => [
    name,
    { ...positional, demandOption: false },
  ]);
  return { ...command, positionals: Object.fromEntries(optional) };
}

/** Drops the fields for help, and `choices`, whose errors `checkValues` words better. */
function forYargs({ alias, type, array, requiresArg, default: value, coerce, demandOption }: Options): Options {
  return {
    ...(array && { array }),
    ...{ alias, type, demandOption: demandOption ?? false, requiresArg: requiresArg ?? false },
    ...(value !== undefined && { default: value as unknown }),
    ...(coerce !== undefined && { coerce }),
  };
}

function positionalForYargs({ type, array, coerce }: Positional): PositionalOptions {
  return { ...(type && { type }), ...(array && { array, default: undefined }), ...(coerce && { coerce }) };
}

/** Whether an error is from yargs, which reports a message, a YError, or both. */
function isOfYargs(error: Error | undefined): error is Error & { name: 'YError' } {
  return error === undefined || error === null || error.name === 'YError';
}

/** Returns the unknown options as they are typed. yargs would report missing files first, which an unknown option may have consumed. */
function unknownOptions({ options }: Command, argv: readonly string[]): string[] {
  const known = Object.entries(options).flatMap(([name, option]) => switches(name, option));
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv
    .slice(0, end)
    .filter((word) => /^-[^.\d]/.test(word)) // not negative numbers or "-"
    .map((word) => word.replace(/=.*$/s, ''))
    .filter((typed) => {
      if (typed.startsWith('--')) return !known.includes(typed);
      const [, letters = typed.slice(1), number = ''] = /^-([a-z]+)(\d*)$/i.exec(typed) ?? [];
      const isNumber = ([, { type, alias }]: [string, Option]): boolean =>
        type === 'number' && [alias].flat().includes(letters.at(-1) ?? '');
      if (number !== '' && !Object.entries(options).some(isNumber)) return true; // only -t4 means -t 4
      return [...letters].some((letter) => !known.includes(`-${letter}`)); // -rq means -r -q
    });
}

/** Rewords an error of yargs. */
function yargsError(command: Command, message: string): PixrnnError {
  const [, names = ''] = /: (.*)$/s.exec(message) ?? [];
  if (message.startsWith('Not enough non-option')) {
    const wanted = Object.entries(command.positionals).filter(([, { demandOption }]) => demandOption);
    return missingError(
      command,
      'arguments',
      wanted.map(([name, { array }]) => `<${name}${array ? '..' : ''}>`),
    );
  }
  if (message.startsWith('Missing required argument')) {
    return missingError(
      command,
      'options',
      names.split(', ').map((name) => `--${name}`),
    );
  }
  if (message.startsWith('Not enough arguments following')) {
    return usageError(`missing value after --${names}.`, command);
  }
  if (message.startsWith('Unknown argument')) {
    const words = names.split(', ').map(restoreStream);
    return usageError(`unknown argument${words.length > 1 ? 's' : ''}: ${words.join(', ')}.`, command);
  }
  if (command.conflicts && message.endsWith('are mutually exclusive')) {
    const [one, other] = command.conflicts;
    return usageError(`--${one} and --${other} cannot be combined. Remove one of them.`, command);
  }
  return usageError(`${message.replace(/\s*\n\s*/g, ' ')}.`, command);
}

/** Rejects options that are given twice (yargs makes lists of these), empty values, and values that are not among the choices. */
function checkValues(command: Command, args: Record<string, unknown>): void {
  for (const [name, option] of Object.entries(command.options)) {
    const value = args[name];
    if (value === undefined || isFlag(option)) continue;
    if (option.array) {
      if ((value as unknown[]).every((one) => one !== '')) continue;
      throw usageError(`--${name} must not be empty.`);
    }
    if (Array.isArray(value) && option.type !== 'number') throw usageError(`--${name} needs exactly one value.`);
    const choices = choicesOf(option);
    if (choices.length > 0 && !choices.includes(`${value as string | number}`)) {
      throw usageError(`--${name} must be ${listText(choices, 'or')}.`);
    }
    if (option.type === 'string' && (typeof value !== 'string' || value === '')) {
      throw usageError(`--${name} needs exactly one value.`);
    }
  }
  for (const [name, positional] of Object.entries(command.positionals)) {
    const [value, choices] = [args[name], choicesOf(positional)];
    if (typeof value !== 'string' || choices.length === 0 || choices.includes(value)) continue;
    const what = `unknown ${name} ${value}.${didYouMean(value, choices)} Use ${listText(choices, 'or')}.`;
    throw usageError(what, command);
  }
}
