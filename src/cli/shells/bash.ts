import { type Command, GLOBAL_SWITCHES, switches } from '../command.js';
import { families, firstWords, operandsOf, optionsWithValue, quoted, type Values, valuesOf } from './values.js';

/**
 * The script that lets bash complete: tables of what there is, and a function that looks into them, without starting pixrnn. Names of
 * files are left to bash itself wherever it can, since it knows quotes, ~ and spaces. Works from bash 3.2 on, which macOS has.
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

  # The command: its first word, and of a family the second one. bash takes "--option=value" for three words.
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

  # What words there are, then names of files or folders; without -o filenames bash would take a word for a name of its own.
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

/** Of one command: what its option before takes, else its options or its operands. */
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
