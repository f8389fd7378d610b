import yargs, { type Options, type PositionalOptions } from 'yargs';
import { PixrnnError } from '../errors.js';
import { choicesOf, type Command, isFlag, type Option, type Positional, switches, synopsis } from './command.js';
import { listText } from './messages.js';
import { checkNumbers, protectFileNames, restoreStream } from './options.js';
import { didYouMean } from './suggestions.js';
import { missingError, unknownOptionsError, usageError } from './usage-errors.js';

/** What yargs reads a command by: its own name may have two words. */
const WORD = 'run';

/**
 * What the arguments of a command mean, without the command's own words.
 * @throws PixrnnError 'usage' for arguments that it does not have, values that these do not take, and ones that are missing
 */
export function parseArguments(command: Command, argv: readonly string[]): Record<string, unknown> {
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
  return parsed;
}

/** Without what is for help alone, and without choices: yargs would word their error. */
function forYargs({ alias, type, requiresArg, default: value, coerce, demandOption }: Options): Options {
  return {
    ...{ alias, type, demandOption: demandOption ?? false, requiresArg: requiresArg ?? false },
    ...(value !== undefined && { default: value as unknown }),
    ...(coerce !== undefined && { coerce }),
  };
}

function positionalForYargs({ type, array, coerce }: Positional): PositionalOptions {
  return { ...(type && { type }), ...(array && { array, default: undefined }), ...(coerce && { coerce }) };
}

/** yargs gives its own complaints as a message, an error of its own, or both. */
function isOfYargs(error: Error | undefined): error is Error & { name: 'YError' } {
  return error === undefined || error === null || error.name === 'YError';
}

/** Options that a command does not have, as they are typed. yargs would complain of missing files first, which they may have eaten. */
function unknownOptions({ options }: Command, argv: readonly string[]): string[] {
  const known = Object.entries(options).flatMap(([name, option]) => switches(name, option));
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv
    .slice(0, end)
    .filter((word) => /^-[^.\d]/.test(word)) // numbers may be negative, "-" is a stream
    .map((word) => word.replace(/=.*$/s, ''))
    .filter((typed) => {
      if (typed.startsWith('--')) return !known.includes(typed);
      const [, letters = typed.slice(1), number = ''] = /^-([a-z]+)(\d*)$/i.exec(typed) ?? [];
      const isNumber = ([, { type, alias }]: [string, Option]): boolean =>
        type === 'number' && [alias].flat().includes(letters.at(-1) ?? '');
      if (number !== '' && !Object.entries(options).some(isNumber)) return true; // -t4 is -t 4
      return [...letters].some((letter) => !known.includes(`-${letter}`)); // -rq are two
    });
}

/** What yargs complains of, in our words. */
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
    return usageError(`Not enough arguments: a value is missing after --${names}.`, command);
  }
  if (message.startsWith('Unknown argument')) {
    const words = names.split(', ').map(restoreStream);
    return usageError(`Unknown argument${words.length > 1 ? 's' : ''}: ${words.join(', ')}.`, command);
  }
  if (command.conflicts && message.endsWith('are mutually exclusive')) {
    const [one, other] = command.conflicts;
    return usageError(`--${one} and --${other} cannot both be given. Leave out one of them.`, command);
  }
  return usageError(`${message.replace(/\s*\n\s*/g, ' ')}.`, command);
}

/** Refuses lists, which yargs makes of options that are given twice, empty values, and what is not among the choices. */
function checkValues(command: Command, args: Record<string, unknown>): void {
  for (const [name, option] of Object.entries(command.options)) {
    const value = args[name];
    if (value === undefined || isFlag(option)) continue;
    if (Array.isArray(value) && option.type !== 'number') throw usageError(`--${name} takes one value.`);
    const choices = choicesOf(option);
    if (choices.length > 0 && !choices.includes(`${value as string | number}`)) {
      throw usageError(`--${name} takes ${listText(choices, 'or')}.`);
    }
    if (option.type === 'string' && (typeof value !== 'string' || value === '')) {
      throw usageError(`--${name} takes one value.`);
    }
  }
  for (const [name, positional] of Object.entries(command.positionals)) {
    const [value, choices] = [args[name], choicesOf(positional)];
    if (typeof value !== 'string' || choices.length === 0 || choices.includes(value)) continue;
    const what = `Unknown ${name} ${value}.${didYouMean(value, choices)} There are ${listText(choices, 'and')}.`;
    throw usageError(what, command);
  }
}
