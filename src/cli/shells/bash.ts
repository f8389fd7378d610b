import { type Command, GLOBAL_SWITCHES, switches } from '../command.js';
import { families, firstWords, operandsOf, optionsWithValue, quoted, type Values, valuesOf } from './values.js';

/**
 * Returns the completion script for bash: tables of commands and options, and a function that looks them up without running pixrnn. File names
 * are left to bash where possible, since it handles quotes, ~ and spaces. Works with bash >= 3.2, the version of macOS.
 */
export function bashScript(commands: readonly Command[], models: readonly string[]): string {
  const cases = commands.map((command) => commandCase(command, commands, models));
  const subcommands = [...families(commands)].map(
    ([family, members]) =>
      `      ${family}) words=${quoted(members.map(({ name }) => name.split(' ')[1]).join(' '))} ;;`,
  );
  return `# Completion of pixrnn in bash, written by "pixrnn completion bash".
_pixrnn() {
  local current=\${COMP_WORDS[COMP_CWORD]} command='' option='' word words='' names='' i
  COMPREPLY=()

  # The command: the first word, in a family also the second. bash splits "--option=value" into three words.
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      -*) continue ;;
    esac
    case $command in
      '') command=$word ;;
      ${[...families(commands).keys()].join(' | ')}) command="$command $word" && break ;;
      *) break ;;
    esac
  done
  if ((COMP_CWORD > 1)); then option=\${COMP_WORDS[COMP_CWORD - 1]}; fi
  if [[ $current == '=' ]]; then
    current=''
  elif [[ $option == '=' ]] && ((COMP_CWORD > 2)); then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi

  if [[ -z $command ]]; then
    words=${quoted([...firstWords(commands)].join(' '))}
    if [[ $current == -* ]]; then words=${quoted(GLOBAL_SWITCHES.join(' '))}; fi
  else
    case $command in
${[...subcommands, ...cases].join('\n')}
    esac
  fi

  # Words first, then names of files or directories. Without -o filenames, bash would not escape file names among words.
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
  case $names in
    files)
      if [[ -n $words ]]; then
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
        compopt -o filenames 2> /dev/null
      fi
      ;;
    folders) compopt +o default +o bashdefault -o dirnames 2> /dev/null ;;
    *) compopt +o default +o bashdefault 2> /dev/null ;;
  esac
  return 0
}
complete -o bashdefault -o default -F _pixrnn pixrnn
`;
}

/** Returns the case of a command: the values of the preceding option, otherwise options or operands. */
function commandCase(command: Command, commands: readonly Command[], models: readonly string[]): string {
  const all = [...Object.entries(command.options).flatMap(([name, option]) => switches(name, option)), '-h', '--help'];
  const values = optionsWithValue(command).map(([name, option]) => {
    const typed = switches(name, option).join(' | ');
    return `          ${typed}) ${assign(valuesOf(option, models))} ;;`;
  });
  const operands = operandsOf(command, commands);
  const otherwise = operands === null ? `words=${quoted(all.join(' '))}` : assign(operands);
  return [
    `      ${quoted(command.name)})`,
    '        case $option in',
    ...values,
    '          *)',
    `            if [[ $current == -* ]]; then words=${quoted(all.join(' '))}; else ${otherwise}; fi`,
    '            ;;',
    '        esac',
    '        ;;',
  ].join('\n');
}

function assign({ words, names }: Values): string {
  const parts = [
    ...(words.length > 0 ? [`words=${quoted(words.join(' '))}`] : []),
    ...(names ? [`names=${names}`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : ':';
}
