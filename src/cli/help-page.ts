import {
  remainingChoices,
  choicesOf,
  type Command,
  defaultText,
  GROUPS,
  type Option,
  switches,
  synopsis,
  valueText,
} from './command.js';
import { COMMANDS, type Family } from './commands.js';
import { EXIT_CODES, EXIT_REMARK } from './exit-codes.js';

/*
 * Help pages, generated from the definitions that yargs parses with. The pages of yargs itself break lines within words (the ES module of
 * its cliui cuts text at the width) and cannot show placeholders for values.
 */

/** Longer lines are hard to read, even on wide terminals. */
const MAX_WIDTH = 100;
const DEFAULT_WIDTH = 80;
const HARD_SPACE = '\u00a0';
const LONGEST_WHOLE = 44;

/** Returns the width of a page in columns. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(MAX_WIDTH, columns || DEFAULT_WIDTH); // undefined or 0 if unknown
}

/** "pixrnn --help". */
export function mainPage(width: number): string {
  const commands = COMMANDS.map(({ name, describe }): Row => [`pixrnn ${name}`, describe]);
  const options: Row[] = [
    ['-h, --help', 'Show this help, or that of a command'],
    ['    --version', 'Show the version'],
  ];
  return page(
    'pixrnn <command>',
    'Lossless image compression with autoregressive models.',
    section('Commands', rows(commands, width)),
    section('Options', rows(options, width)),
    section('Examples', exampleLines(MAIN_EXAMPLES, width)),
    section('Exit codes', rows(Object.entries(EXIT_CODES), width)),
    wrap(EXIT_REMARK, width),
    wrap('"pixrnn <command> --help" shows the options of a command, with examples.', width),
  );
}

/** "pixrnn dataset --help". */
export function familyPage({ name, describe, members }: Family, width: number): string {
  const commands = members.map((member): Row => [`pixrnn ${member.name}`, member.describe]);
  return page(
    `pixrnn ${name} <command>`,
    wrap(describe, width),
    section('Commands', rows(commands, width)),
    wrap(`"pixrnn ${name} <command> --help" shows the options of a command, with examples.`, width),
  );
}

/** "pixrnn compress --help". */
export function commandPage(command: Command, width: number): string {
  const positionals = Object.entries(command.positionals).map(([name, positional]): Row => {
    const choices = choicesOf(positional);
    return [name, positional.describe + (choices.length > 0 ? ` [${choices.join(', ')}]` : '')];
  });
  const groups = GROUPS.map((group) => ({ group, options: optionsIn(command, group) })).filter(
    ({ options }) => options.length > 0,
  );
  const last: Row = ['-h, --help', 'Show this help'];
  const column = columnOf([...groups.flatMap(({ options }) => options), last], width);
  const sections = groups.map(({ group, options }, index) =>
    section(group, rows(index === groups.length - 1 ? [...options, last] : options, width, column)),
  );
  const operands = synopsis(command).slice(command.name.length);
  return page(
    `pixrnn ${command.name}${groups.length > 0 ? ' [options]' : ''}${operands}`,
    wrap(command.describe, width),
    ...(positionals.length > 0 ? [section('Arguments', rows(positionals, width))] : []),
    ...sections,
    ...(groups.length > 0 ? [] : [section('Options', rows([last], width))]),
    section('Examples', exampleLines(command.examples, width)),
    ...(command.notes ?? []).map((note) => wrap(note, width)),
  );
}

/** Examples of the main page. */
export const MAIN_EXAMPLES: readonly (readonly [string, string])[] = [
  ['compress photo.png', 'Writes photo.prnn'],
  ['decompress photo.prnn', 'Restores photo.png, bit for bit'],
  ['compress -r photos --out-dir small', 'Recurses into directories'],
];

/** A table row: name and description. */
type Row = readonly [name: string, text: string];

function page(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, lines: string): string {
  return `${title}:\n${lines}`;
}

function optionsIn({ options }: Command, group: Option['group']): Row[] {
  return Object.entries(options)
    .filter(([, option]) => option.group === group)
    .map(([name, option]) => [switchText(name, option), optionText(option)]);
}

/** "-o, --output FILE", "    --effort 1|2|3". */
function switchText(name: string, option: Option): string {
  const names = switches(name, option).join(', ');
  const value = valueText(option);
  return `${names.startsWith('--') ? '    ' : ''}${names}${value === null ? '' : ` ${value}`}`;
}

/** "Number of images [default: 64]". */
function optionText(option: Option): string {
  const choices = remainingChoices(option);
  const defaultValue = defaultText(option);
  const remarks = [
    ...(choices.length > 0 ? [choices.join(', ')] : []),
    ...(option.demandOption ? ['required'] : []),
    ...(defaultValue === null ? [] : [`default: ${defaultValue}`]),
  ];
  return [option.describe, ...remarks.map((remark) => unbreakable(`[${remark}]`))].join(' ');
}

/** Keeps `wrap` from breaking a short remark. */
function unbreakable(remark: string): string {
  return remark.length <= LONGEST_WHOLE ? remark.replaceAll(' ', HARD_SPACE) : remark;
}

/** Returns the column of the descriptions: after the longest name, at most half of the width. */
function columnOf(table: readonly Row[], width: number): number {
  return Math.min(Math.max(...table.map(([name]) => name.length)) + 4, Math.floor(width / 2));
}

/** Formats two columns. A name that is too long for its column gets a separate line. */
function rows(table: readonly Row[], width: number, column = columnOf(table, width)): string {
  const indent = ' '.repeat(column);
  return table
    .map(([name, text]) => {
      const lines = wrap(text, width - column).split('\n');
      const start = `  ${name}`;
      const fits = start.length + 2 <= column;
      return [
        ...(fits ? [] : [start]),
        ...lines.map((line, i) => (i === 0 && fits ? start.padEnd(column) : indent) + line),
      ];
    })
    .flat()
    .join('\n');
}

/** Formats examples. Command lines are never broken, so that they can be pasted; if one is too long, all descriptions go below. */
function exampleLines(examples: readonly Row[], width: number): string {
  const lines = examples.map(([line, text]): Row => [`pixrnn ${line}`, text]);
  const column = Math.max(...lines.map(([line]) => line.length)) + 4;
  if (lines.every(([, text]) => column + text.length <= width)) return rows(lines, width, column);
  return lines.map(([line, text]) => `  ${line}\n${wrap(text, width - 6).replace(/^/gm, '      ')}`).join('\n');
}

/** Breaks a text between words into lines of at most `width` columns, unless a word is longer. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n').replaceAll(HARD_SPACE, ' ');
}
