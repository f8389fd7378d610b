import { type Command, isFlag, type Option, switches } from '../command.js';
import { families, firstWords, operandsOf, quoted, type Values, valuesOf } from './values.js';

/** Returns the completion script for fish. File names are off, except for operands and values that are files. */
export function fishScript(commands: readonly Command[], models: readonly string[]): string {
  const byFamily = families(commands);
  const lines = [
    ...firstWords(commands).map((word) => {
      const describe = commands.find(({ name }) => name === word)?.describe ?? `${byFamily.get(word)?.length} commands`;
      return complete('__pixrnn_is ""', `-a ${word} -d ${fishQuoted(describe)}`);
    }),
    complete('__pixrnn_is ""', `-l version -d 'Show the version'`),
    "complete -c pixrnn -s h -l help -d 'Show help'",
    ...[...byFamily].flatMap(([family, members]) =>
      members.map(({ name, describe }) =>
        complete(`__pixrnn_is ${family}`, `-a ${name.slice(family.length + 1)} -d ${fishQuoted(describe)}`),
      ),
    ),
    ...commands.flatMap((command) => commandLines(command, commands, models)),
  ];
  return `# Completion of pixrnn in fish, written by "pixrnn completion fish".

# Whether the line runs this command: the first word, in a family also the second.
function __pixrnn_is
    set -l found
    for word in (commandline -xpc 2> /dev/null; or commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        set -a found $word
        if test (count $found) -eq 2; or not contains -- $word ${[...byFamily.keys()].join(' ')}
            break
        end
    end
    test "$found" = "$argv[1]"
end

complete -c pixrnn -f
${lines.join('\n')}
`;
}

function complete(condition: string, rest: string): string {
  return `complete -c pixrnn -n ${fishQuoted(condition)} ${rest}`;
}

function commandLines(command: Command, commands: readonly Command[], models: readonly string[]): string[] {
  const condition = `__pixrnn_is ${fishQuoted(command.name)}`;
  const options = Object.entries(command.options).map(([name, option]) =>
    complete(condition, optionText(name, option, models)),
  );
  const operands = operandsOf(command, commands);
  return operands === null ? options : [...options, complete(condition, operandText(operands))];
}

function optionText(name: string, option: Option, models: readonly string[]): string {
  const names = switches(name, option).map((typed) =>
    typed.startsWith('--') ? `-l ${typed.slice(2)}` : `-s ${typed.slice(1)}`,
  );
  const value = isFlag(option) ? '' : ` ${valueText(valuesOf(option, models))}`;
  return `${names.join(' ')} -d ${fishQuoted(option.describe)}${value}`;
}

/** -x: a value that is not a file; -r -F: a value that may be a file. */
function valueText({ words, names }: Values): string {
  const list = words.length > 0 ? ` -a ${quoted(words.join(' '))}` : '';
  if (names === 'files') return `-r -F${list}`;
  return names === 'folders' ? `-x ${FOLDERS}` : `-x${list}`;
}

const FOLDERS = `-a '(__fish_complete_directories (commandline -ct))'`;

/** Like `valueText`, for operands. */
function operandText({ words, names }: Values): string {
  if (names === 'files') return '-F';
  return names === 'folders' ? FOLDERS : `-a ${quoted(words.join(' '))}`;
}

/** In single quotes, fish needs \ and ' to be escaped by \. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
