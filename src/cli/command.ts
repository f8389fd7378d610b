import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';

/*
 * Commands as data. The parser, the help pages, the completion scripts and the man page are generated from them.
 */

/** The name of a value in help. Completion scripts complete FILE, DIR and MODEL. */
export type ValueName = 'FILE' | 'DIR' | 'MODEL' | 'N' | 'WxH' | 'I/N' | 'URL' | 'NAME' | 'RUN' | 'HOST';

/** A positional argument. A command's positionals are in the order of the command line. */
export interface Positional extends PositionalOptions {
  readonly describe: string;
  /** Absent if there are `choices`. */
  readonly value?: ValueName;
}

/** An option, with or without a value; with `array` it has several, or is given several times. */
export interface Option extends Options {
  readonly describe: string;
  /** Absent for flags, and if there are `choices`. */
  readonly value?: ValueName;
  /** The heading in help. */
  readonly group: Group;
}

/** Headings of options, in the order of the help pages. */
export const GROUPS = [
  'Images',
  'Sampling',
  'Network',
  'Photo network',
  'Training',
  'Run',
  'Output',
  'Checks',
  'Batch',
  'Queue',
  'Input',
  'Coding',
  'Messages',
] as const;
export type Group = (typeof GROUPS)[number];

/** A command line without the program's name, ready to paste, and what it does. */
export type Example = readonly [line: string, text: string];

type Positionals = Readonly<Record<string, Positional>>;
type CommandOptions = Readonly<Record<string, Option>>;

interface Definition<P extends Positionals, O extends CommandOptions> {
  /** One word, or two: "dataset install". */
  readonly name: string;
  /** One line without a full stop. */
  readonly describe: string;
  readonly positionals: P;
  readonly options: O;
  /** Two options that exclude each other. */
  readonly conflicts?: readonly [string, string];
  readonly examples: readonly [Example, ...Example[]];
  /** Further paragraphs of the help page and the man page. */
  readonly notes?: readonly string[];
}

/** A command and its action. `run` gets the parsed arguments and the list of all commands. */
export interface Command extends Definition<Positionals, CommandOptions> {
  readonly run: (args: never, commands: readonly Command[]) => Promise<void>;
}

/** Returns a command, and makes the compiler check the arguments of `run` against the options and positionals. */
export function defineCommand<P extends Positionals, O extends CommandOptions>(
  command: Definition<P, O> & {
    readonly run: (
      args: InferredOptionTypes<P> & InferredOptionTypes<O>,
      commands: readonly Command[],
    ) => Promise<void>;
  },
): Command {
  return command;
}

/** "compress <images..>", "report [files..]". */
export function synopsis({ name, positionals }: Command): string {
  const parts = Object.entries(positionals).map(([word, { array, demandOption }]) => {
    const text = array ? `${word}..` : word;
    return demandOption ? `<${text}>` : `[${text}]`;
  });
  return [name, ...parts].join(' ');
}

/** Switches that every command accepts and no command lists. */
export const GLOBAL_SWITCHES = ['-h', '--help', '--version'] as const;

/** Returns all names of an option as they are typed, short ones first: "-o", "--out". */
export function switches(name: string, { alias = [] }: Pick<Options, 'alias'>): string[] {
  const names = [name, ...(Array.isArray(alias) ? (alias as readonly string[]) : [alias as string])];
  const typed = names.map((one) => (one.length === 1 ? `-${one}` : `--${one}`));
  return [...typed.filter((one) => !one.startsWith('--')), ...typed.filter((one) => one.startsWith('--'))];
}

/** Returns the choices of a value as text; empty if any value is allowed. */
export function choicesOf({ choices }: Pick<Options, 'choices'>): string[] {
  return (choices ?? []).map(String);
}

/** Whether an option has no value. */
export function isFlag({ type }: Option): boolean {
  return type === 'boolean';
}

/** Returns the placeholder for an option's value in help, "FILE" or "top|bottom"; null for flags. */
export function valueText(option: Option): string | null {
  if (isFlag(option)) return null;
  const choices = choicesOf(option);
  return choices.length > 0 && choices.join('|').length <= 12 ? choices.join('|') : (option.value ?? 'NAME');
}

/** Returns the choices that `valueText` does not list. */
export function remainingChoices(option: Option): string[] {
  const choices = choicesOf(option);
  return valueText(option) === choices.join('|') ? [] : choices;
}

/** Returns the default in help; null if there is none, and for flags, which are off by default. */
export function defaultText({ default: value, defaultDescription, type }: Option): string | null {
  if (defaultDescription !== undefined) return defaultDescription;
  return value === undefined || type === 'boolean' ? null : String(value);
}
