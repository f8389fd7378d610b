import {
  remainingChoices,
  choicesOf,
  type Command,
  defaultText,
  GROUPS,
  type Option,
  switches,
  valueText,
} from '#pixrnn/cli/command.js';
import { COMMANDS } from '#pixrnn/cli/commands.js';
import { EXIT_CODES, EXIT_REMARK } from '#pixrnn/cli/exit-codes.js';
import { MAIN_EXAMPLES } from '#pixrnn/cli/help-page.js';
import { argument, display, lines, literal, macro, tagged } from './mdoc.js';

/** Returns the text of man/pixrnn.1; `date` like "November 25, 2026". */
export function manPage(date: string): string {
  const all = [
    '.\\" Written by scripts/man-page.ts (npm run man-page); changes go into src/cli.',
    `.Dd ${date}`,
    '.Dt PIXRNN 1',
    '.Os',
    ...section('NAME', [macro('Nm', 'pixrnn'), '.Nd lossless image compression with autoregressive models']),
    ...section('SYNOPSIS', COMMANDS.flatMap(synopsisOf)),
    ...section('DESCRIPTION', paragraphs(DESCRIPTION)),
    ...section('COMMANDS', [
      ...lines(
        'Every command accepts `-h` and `--help`, which print its options and examples. `pixrnn --version` prints the version.',
      ),
      ...COMMANDS.flatMap(commandText),
    ]),
    ...section('ENVIRONMENT', tagged(entries(ENVIRONMENT, 'Ev'))),
    ...section('FILES', tagged(entries(FILES, 'Pa'))),
    ...section('EXIT STATUS', [
      ...tagged(Object.entries(EXIT_CODES).map(([code, text]) => [code, lines(`${capital(text)}.`)])),
      '.Pp',
      ...lines(EXIT_REMARK),
    ]),
    ...section(
      'EXAMPLES',
      MAIN_EXAMPLES.flatMap(([line, text], i) => [
        ...(i > 0 ? ['.Pp'] : []),
        ...lines(`${text}:`),
        ...display([`pixrnn ${line}`]),
      ]),
    ),
    ...section('SEE ALSO', SEE_ALSO),
  ];
  return `${all.join('\n')}\n`;
}

/** Returns the date of a page. */
export function dateOf(page: string): string {
  return /^\.Dd (.*)$/m.exec(page)?.[1] ?? '';
}

const DESCRIPTION = [
  '`pixrnn` compresses images losslessly to `.prnn` files, and restores them bit for bit, with their metadata. A network of the ' +
    'PixelRNN family predicts the distribution of each sub-pixel, and an arithmetic coder spends `-log2 p` bits on its value. The better the ' +
    'model, the smaller the file. Compressing and decompressing evaluate the network at every pixel, so they are slow: each needs some ten seconds of CPU time for 768 x 512 pixels.',
  'Each output file is decoded and compared before it is renamed into place. Existing files are kept unless `--force` is given.',
  'The file name `-` is standard input or output. Arguments after `--` are file names, even if they begin with `-`. Patterns such as `**/*.png` are ' +
    'expanded if the shell has not expanded them; quote them to be safe.',
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['PIXRNN_DATA', 'The directory of data sets, unless `--data` is given.'],
  ['PIXRNN_QUEUE', 'The URL of the queue, unless `--queue` is given.'],
  ['PIXRNN_QUEUE_FILE', 'A file that contains this URL.'],
  ['SHELL', 'The shell that `pixrnn completion` prints a script for, if none is named.'],
  ['TF_CPP_MIN_LOG_LEVEL', 'The log level of native TensorFlow in training; default 2, errors only.'],
  [
    'XDG_CACHE_HOME',
    'The parent of the directory `pixrnn` of data sets, if `PIXRNN_DATA` is not set; default `~/.cache`.',
  ],
];

const FILES: readonly (readonly [string, string])[] = [
  ['*.prnn', 'Compressed images. docs/FORMAT.md of the package specifies the format.'],
  ['*.safetensors', 'Models, written by `train` and `train-mixer`.'],
  ['~/.cache/pixrnn', 'Data sets installed by `dataset install`.'],
  ['.pixrnn-*', 'Temporary output files. The next run removes those that a killed run left.'],
];

const SEE_ALSO = [
  '.Xr cjxl 1 ,',
  '.Xr cwebp 1',
  '.Rs',
  '.%A A. van den Oord',
  '.%A N. Kalchbrenner',
  '.%A K. Kavukcuoglu',
  '.%T Pixel Recurrent Neural Networks',
  '.%D 2016',
  '.%U https://arxiv.org/abs/1601.06759',
  '.Re',
];

function section(title: string, body: readonly string[]): string[] {
  return [`.Sh ${title}`, ...body];
}

function paragraphs(texts: readonly string[]): string[] {
  return texts.flatMap((text, i) => [...(i > 0 ? ['.Pp'] : []), ...lines(text)]);
}

/** Returns a line of the synopsis: "compress [options] images ...". */
function synopsisOf(command: Command): string[] {
  const hasOptions = Object.keys(command.options).length > 0;
  const operands = Object.entries(command.positionals).map(([name, { array, demandOption }]) => {
    const word = `${argument(name)}${array ? ' ...' : ''}`;
    return demandOption ? `.Ar ${word}` : `.Op Ar ${word}`;
  });
  return ['.Nm', `.Cm ${literal(command.name)}`, ...(hasOptions ? ['.Op Ar options'] : []), ...operands];
}

function commandText(command: Command): string[] {
  const operands = Object.entries(command.positionals).map(([name, positional]): [string, string[]] => {
    const choices = choicesOf(positional);
    const among = choices.length > 0 ? ` One of ${choices.join(', ')}.` : '';
    return [`Ar ${argument(name)}`, lines(`${positional.describe}.${among}`)];
  });
  const groups = GROUPS.map((group) => Object.entries(command.options).filter(([, option]) => option.group === group));
  return [
    `.Ss pixrnn ${literal(command.name)}`,
    ...lines(`${command.describe}.`),
    ...(operands.length > 0 ? tagged(operands) : []),
    ...groups.flatMap((options, i) =>
      options.length > 0 ? ['.Pp', `.Sy ${GROUPS[i]}`, ...tagged(options.map(optionText))] : [],
    ),
    ...(command.notes ?? []).flatMap((note) => ['.Pp', ...lines(note)]),
    '.Pp',
    'Examples:',
    ...display(command.examples.flatMap(([line, text], i) => [...(i > 0 ? [''] : []), `# ${text}`, `pixrnn ${line}`])),
  ];
}

/** Returns the term of an option, "Fl o , Fl -output Ar FILE", and its description. */
function optionText([name, option]: [string, Option]): [string, string[]] {
  const names = switches(name, option).map((typed) => `Fl ${literal(typed.slice(1))}`);
  const value = valueText(option);
  const choices = remainingChoices(option);
  const usual = defaultText(option);
  return [
    names.join(' , ') + (value === null ? '' : ` Ar ${argument(value)}`),
    [
      ...lines(`${option.describe}.`),
      ...(choices.length > 0 ? lines(`One of ${choices.join(', ')}.`) : []),
      ...(option.demandOption ? lines('Required.') : []),
      ...(usual === null ? [] : lines(`Default: ${usual}.`)),
    ],
  ];
}

function entries(table: readonly (readonly [string, string])[], name: 'Ev' | 'Pa'): [string, string[]][] {
  return table.map(([term, text]) => [`${name} ${argument(term)}`, lines(text)]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
