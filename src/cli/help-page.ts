import {
  choicesBeside,
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
 * Help pages. Those of yargs break lines within words (the ES module of its cliui cuts text at the width), and cannot show what an
 * option's value is, so these are written here, of the same definitions that yargs parses by.
 */

/** No page is wider, whatever the terminal: long lines are hard to read. */
const MAX_WIDTH = 100;
const DEFAULT_WIDTH = 80;
const HARD_SPACE = '\u00a0';
const LONGEST_WHOLE = 44;

/** The columns that a page may take. */
export function helpWidth(columns: number | undefined): number {
  return Math.min(MAX_WIDTH, columns || DEFAULT_WIDTH); // no terminal, or one that does not know
}

/** "pixrnn --help". */
export function mainPage(width: number): string {
  const commands = COMMANDS.map(({ name, describe }): Row => [`pixrnn ${name}`, describe]);
  const options: Row[] = [
    ['-h, --help', 'Show this, or the options and examples of a command'],
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
  const last: Row = ['-h, --help', 'Show this'];
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

/** The first things that somebody wants to do. */
export const MAIN_EXAMPLES: readonly (readonly [string, string])[] = [
  ['compress photo.png', 'Writes photo.prnn beside it'],
  ['decompress photo.prnn', 'Gets photo.png back, bit for bit'],
  ['compress -r photos --out-dir small', 'A folder with all that is in it'],
];

/** What stands at the left, and what it means. */
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

/** "How many images [default: 64]". */
function optionText(option: Option): string {
  const choices = choicesBeside(option);
  const usual = defaultText(option);
  const remarks = [
    ...(choices.length > 0 ? [choices.join(', ')] : []),
    ...(option.demandOption ? ['required'] : []),
    ...(usual === null ? [] : [`default: ${usual}`]),
  ];
  return [option.describe, ...remarks.map((remark) => whole(`[${remark}]`))].join(' ');
}

/** A short remark that lines are not broken in: with spaces that are none for `wrap`. */
function whole(remark: string): string {
  return remark.length <= LONGEST_WHOLE ? remark.replaceAll(' ', HARD_SPACE) : remark;
}

/** Where texts begin: after the longest name, but leaving more than half of the width. */
function columnOf(table: readonly Row[], width: number): number {
  return Math.min(Math.max(...table.map(([name]) => name.length)) + 4, Math.floor(width / 2));
}

/** Two columns; a name that is too long for its column has a line of its own. */
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

/** Examples are never broken, so that they can be pasted: where one leaves no room, the texts stand below them. */
function exampleLines(examples: readonly Row[], width: number): string {
  const lines = examples.map(([line, text]): Row => [`pixrnn ${line}`, text]);
  const column = Math.max(...lines.map(([line]) => line.length)) + 4;
  if (lines.every(([, text]) => column + text.length <= width)) return rows(lines, width, column);
  return lines.map(([line, text]) => `  ${line}\n${wrap(text, width - 6).replace(/^/gm, '      ')}`).join('\n');
}

/** Breaks a text between words, into lines of at most `width` columns where no word is longer. */
function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n').replaceAll(HARD_SPACE, ' ');
}
