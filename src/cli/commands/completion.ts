import { defineCommand } from '../command.js';
import { SHELLS } from '../shells/names.js';

export const completionCommand = defineCommand({
  name: 'completion',
  describe: 'Print a script for completion in bash, zsh or fish',
  positionals: {
    shell: { describe: 'Which one; the default is that of $SHELL', choices: SHELLS, type: 'string' },
  },
  options: {},
  examples: [
    ['completion bash >> ~/.bashrc', 'For every bash that is started from now on'],
    ['completion zsh >> ~/.zshrc', 'For zsh, where ~/.zshrc has called compinit before'],
    ['completion fish > ~/.config/fish/completions/pixrnn.fish', 'For fish'],
  ],
  notes: [
    'The script knows the commands, options and models of this version. It does not run pixrnn, so that a TAB takes no time; after an ' +
      'update it is to be written again. That is easier with a file of its own: with bash-completion in ' +
      '~/.local/share/bash-completion/completions/pixrnn, in zsh as _pixrnn in a folder of $fpath.',
    'For this shell alone: source <(pixrnn completion bash), or zsh; in fish: pixrnn completion fish | source.',
  ],
  work: async (args, commands) => (await import('../actions/completion.js')).printCompletion(args, commands),
});
