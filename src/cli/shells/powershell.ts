import { type Command, GLOBAL_SWITCHES, switches } from '../command.js';
import { families, firstWords, operandsOf, optionsWithValue, valuesOf } from './values.js';

/**
 * Returns the completion script for PowerShell 5 and newer: tables of commands, and a function that looks them up without running pixrnn.
 * PowerShell completes file names itself wherever the function returns nothing.
 */
export function powershellScript(commands: readonly Command[], models: readonly string[]): string {
  const members = [...families(commands)].map(
    ([family, some]) => `        ${entry(family, some.map(({ name }) => name.slice(family.length + 1)).join(' '))}`,
  );
  return `# Completion of pixrnn in PowerShell, written by "pixrnn completion powershell".
Register-ArgumentCompleter -Native -CommandName 'pixrnn', 'pixrnn.cmd', 'pixrnn.ps1' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $families = @{
${members.join('\n')}
    }
    $commands = @{
${commands.map((command) => tableOf(command, commands, models)).join('\n')}
    }

    # The command: the first word, in a family also the second.
    $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { "$_" })
    $names = @($typed | Where-Object { -not $_.StartsWith('-') } | Select-Object -First 2)
    $name = "$($names | Select-Object -First 1)"
    if ($families.ContainsKey($name) -and $names.Count -gt 1) { $name = $names -join ' ' }

    $word = "$wordToComplete"
    $option = "$($typed | Select-Object -Last 1)"
    $prefix = ''
    if ($word -match '^(--[a-z-]+)=(.*)$') {
        $option = $Matches[1]
        $word = $Matches[2]
        $prefix = "$option="
    }

    $words = ''
    if ($name -eq '') {
        $words = ${literal(firstWords(commands).join(' '))}
        if ($word.StartsWith('-')) { $words = ${literal(GLOBAL_SWITCHES.join(' '))} }
    } elseif ($families.ContainsKey($name)) {
        $words = $families[$name]
    } elseif ($commands.ContainsKey($name)) {
        $command = $commands[$name]
        if ($command.values.ContainsKey($option)) {
            $words = $command.values[$option]
        } elseif ($word.StartsWith('-')) {
            $words = $command.options
        } else {
            $words = $command.operands
        }
    }
    $words -split ' ' | Where-Object { $_ -ne '' -and $_.StartsWith($word) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new("$prefix$_", $_, 'ParameterValue', $_)
    }
}
`;
}

/** Returns the options of a command, the words of its options with a value, and those of its operands. */
function tableOf(command: Command, commands: readonly Command[], models: readonly string[]): string {
  const all = Object.entries(command.options).flatMap(([name, option]) => switches(name, option));
  const options = [...all, '-h', '--help'].join(' ');
  const values = optionsWithValue(command).flatMap(([name, option]) => {
    const words = valuesOf(option, models).words.join(' ');
    return switches(name, option).map((typed) => entry(typed, words));
  });
  const operands = operandsOf(command, commands)?.words.join(' ') ?? options;
  return [
    `        ${literal(command.name)} = @{`,
    `            ${entry('options', options)}`,
    `            'values' = @{ ${values.join('; ')} }`,
    `            ${entry('operands', operands)}`,
    '        }',
  ].join('\n');
}

function entry(key: string, value: string): string {
  return `${literal(key)} = ${literal(value)}`;
}

/** In single quotes, PowerShell needs ' to be doubled. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
