import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';

/*
 * What a command is, as data: the parser, the help pages, the completion scripts and the man page are all made of it.
 */

/** What a value is, as help calls it. FILE, FOLDER and MODEL are completed, the others are typed by hand. */
export type ValueName = 'FILE' | 'FOLDER' | 'MODEL' | 'N' | 'WxH' | 'I/N';

/** A file or word of the command line; the order of a command's positionals is theirs on it. */
export interface Positional extends PositionalOptions {
  readonly describe: string;
  /** Absent where `choices` say all. */
  readonly value?: ValueName;
}

/** An option; a flag where it takes no value. */
export interface Option extends Options {
  readonly describe: string;
  /** Absent for flags, and where `choices` say all. */
  readonly value?: ValueName;
  /** The heading that help shows it under. */
  readonly group: Group;
}

/** Headings of options, in the order of help pages. */
export const GROUPS = [
  'Images',
  'Drawing',
  'Network',
  'Training',
  'Run',
  'Result',
  'Checking',
  'Many files',
  'Reading',
  'Coding',
  'Messages',
] as const;
export type Group = (typeof GROUPS)[number];

/** A command line that can be pasted, without the program's name, and what it does. */
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
  /** Options of which only one may be given. */
  readonly conflicts?: readonly [string, string];
  readonly examples: readonly [Example, ...Example[]];
  /** What else there is to know: paragraphs of help and of the man page. */
  readonly notes?: readonly string[];
}

/** A command with what it does; `work` gets the parsed arguments and the list of all commands. */
export interface Command extends Definition<Positionals, CommandOptions> {
  readonly work: (args: never, commands: readonly Command[]) => Promise<void>;
}

/** A command whose work takes what its options and positionals give: the compiler compares them. */
export function defineCommand<P extends Positionals, O extends CommandOptions>(
  command: Definition<P, O> & {
    readonly work: (
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

/** Switches that every command takes and none lists among its options. */
export const GLOBAL_SWITCHES = ['-h', '--help', '--version'] as const;

/** The names of an option beside its key, all as they are typed: "-o", "--out". The short ones first. */
export function switches(name: string, { alias = [] }: Pick<Options, 'alias'>): string[] {
  const names = [name, ...(Array.isArray(alias) ? (alias as readonly string[]) : [alias as string])];
  const typed = names.map((given) => (given.length === 1 ? `-${given}` : `--${given}`));
  return [...typed.filter((given) => !given.startsWith('--')), ...typed.filter((given) => given.startsWith('--'))];
}

/** The words that a value can be, where these are all. */
export function choicesOf({ choices }: Pick<Options, 'choices'>): string[] {
  return (choices ?? []).map(String);
}

/** Whether an option stands alone, without a value. */
export function isFlag({ type }: Option): boolean {
  return type === 'boolean';
}

/** What stands for an option's value in help: "FILE", "top|bottom"; null for flags. */
export function valueText(option: Option): string | null {
  if (isFlag(option)) return null;
  const choices = choicesOf(option);
  return choices.length > 0 && choices.join('|').length <= 12 ? choices.join('|') : (option.value ?? 'NAME');
}

/** The choices that `valueText` does not name already. */
export function choicesBeside(option: Option): string[] {
  const choices = choicesOf(option);
  return valueText(option) === choices.join('|') ? [] : choices;
}

/** What is taken where an option is not given; null where that is nothing, and for flags, which then are off. */
export function defaultText({ default: value, defaultDescription, type }: Option): string | null {
  if (defaultDescription !== undefined) return defaultDescription;
  return value === undefined || type === 'boolean' ? null : String(value);
}
