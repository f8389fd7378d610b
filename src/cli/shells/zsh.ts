import { type Command, type Option, switches, valueText } from '../command.js';
import { families, firstWords, operandsOf, quoted, type Values, valuesOf } from './values.js';

const FAMILY_ARGUMENTS = `'(-h --help)'{-h,--help}'[Show help]' '1: :->command' '*:: :->arguments'`;
const MAIN_ARGUMENTS = `\\
    '(-h --help)'{-h,--help}'[Show help]' \\
    '--version[Show the version]' \\
    '1: :->command' \\
    '*:: :->arguments'`;

/**
 * Returns the completion script for zsh, which describes the options and operands of each command for \`_arguments\`. It can be saved as _pixrnn
 * in a directory of $fpath, or sourced after compinit.
 */
export function zshScript(commands: readonly Command[], models: readonly string[]): string {
  const byFamily = families(commands);
  const words = firstWords(commands).map((word) => {
    const describe = commands.find(({ name }) => name === word)?.describe ?? `${byFamily.get(word)?.length} commands`;
    return quoted(`${word}:${describe}`);
  });
  const functions = commands.map((command) => commandFunction(command, commands, models));
  const familyCases = [...byFamily].map(([family, members]) => familyFunction(family, members));
  return `#compdef pixrnn
# Completion of pixrnn in zsh, written by "pixrnn completion zsh".

${[...functions, ...familyCases].join('\n\n')}

${wordsFunction('_pixrnn', MAIN_ARGUMENTS, words)}

if [[ \${funcstack[1]} == _pixrnn ]]; then _pixrnn "$@"; else compdef _pixrnn pixrnn; fi
`;
}

function functionName(name: string): string {
  return `_pixrnn_${name.replace(/[ -]/g, '_')}`;
}

/** Returns the function of a command. */
function commandFunction(command: Command, commands: readonly Command[], models: readonly string[]): string {
  const options = Object.entries(command.options).map(([name, option]) => optionSpec(name, option, models));
  const operands = operandsOf(command, commands);
  const [word = 'argument'] = Object.keys(command.positionals).slice(-1);
  const many = Object.values(command.positionals).at(-1)?.array ? '*' : '1';
  const operand = operands === null ? [] : [quoted(`${many}:${word}:${action(operands)}`)];
  const specs = [...options, `'(-h --help)'{-h,--help}'[Show help]'`, ...operand];
  return `${functionName(command.name)}() {\n  _arguments -s -S \\\n    ${specs.join(' \\\n    ')}\n}`;
}

/** Returns the function of a family: its commands, then the arguments of one of them. */
function familyFunction(family: string, members: readonly Command[]): string {
  const words = members.map(({ name, describe }) => quoted(`${name.slice(family.length + 1)}:${describe}`));
  return wordsFunction(functionName(family), FAMILY_ARGUMENTS, words);
}

/** Returns a function that completes one of these words and then calls the function of that word, NAME_WORD. */
function wordsFunction(name: string, args: string, words: readonly string[]): string {
  const next = `${name}_\${line[1]//-/_}`;
  return `${name}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C ${args}
  case $state in
    command)
      local -a names=(
        ${words.join('\n        ')}
      )
      _describe -t commands command names
      ;;
    arguments)
      if (( $+functions[${next}] )); then ${next}; fi
      ;;
  esac
}`;
}

/** "'(-o --output)'{-o,--output=}'[Output file]:FILE:_files'" */
function optionSpec(name: string, option: Option, models: readonly string[]): string {
  const typed = switches(name, option);
  const value = valueText(option);
  const text = `[${option.describe.replace(/[\\[\]:]/g, '\\$&')}]`;
  const rest = value === null ? text : `${text}:${value.replaceAll('|', ' or ')}:${action(valuesOf(option, models))}`;
  const names = typed.map((one) => (value !== null && one.startsWith('--') ? `${one}=` : one));
  if (names.length === 1) return quoted(`${names[0]}${rest}`);
  return `${quoted(`(${typed.join(' ')})`)}{${names.join(',')}}${quoted(rest)}`;
}

function action({ words, names }: Values): string {
  const list = words.join(' ');
  const of = { files: '_files', folders: '_files -/' } as const;
  if (words.length > 0 && names !== null) return `{ compadd -- ${list}; ${of[names]} }`;
  if (words.length > 0) return `(${list})`;
  return names === null ? ' ' : of[names];
}
