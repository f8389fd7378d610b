import { defineCommand } from '../command.js';
import { SHELLS } from '../shells/names.js';

export const completionCommand = defineCommand({
  name: 'completion',
  describe: 'Print a completion script for bash, zsh, fish or PowerShell',
  positionals: {
    shell: {
      describe: 'Shell to complete in; default: the shell of $SHELL, on Windows PowerShell',
      choices: SHELLS,
      type: 'string',
    },
  },
  options: {},
  examples: [
    ['completion bash >> ~/.bashrc', 'For all new bash sessions'],
    ['completion zsh >> ~/.zshrc', 'For zsh, if ~/.zshrc calls compinit first'],
    ['completion fish > ~/.config/fish/completions/pixrnn.fish', 'For fish'],
    ['completion powershell >> $PROFILE', 'For PowerShell'],
  ],
  notes: [
    'The script lists the commands, options and models of this version and never runs pixrnn, so completion is instant. Write it again ' +
      'after an update. That is easier if the script has its own file: ~/.local/share/bash-completion/completions/pixrnn for ' +
      'bash-completion, or _pixrnn in a directory of $fpath for zsh.',
    'For the current session only: source <(pixrnn completion bash), or zsh; in fish: pixrnn completion fish | source; in ' +
      'PowerShell: pixrnn completion powershell | Out-String | Invoke-Expression.',
  ],
  run: async (args, commands) => (await import('../actions/completion.js')).printCompletion(args, commands),
});
