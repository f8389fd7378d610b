import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { shellOf } from '#pixrnn/cli/actions/completion.js';
import { switches } from '#pixrnn/cli/command.js';
import { COMMAND_WORDS, COMMANDS } from '#pixrnn/cli/commands.js';
import { type Shell, SHELLS } from '#pixrnn/cli/shells/names.js';
import { bashScript } from '#pixrnn/cli/shells/bash.js';
import { fishScript } from '#pixrnn/cli/shells/fish.js';
import { powershellScript } from '#pixrnn/cli/shells/powershell.js';
import { zshScript } from '#pixrnn/cli/shells/zsh.js';
import { shippedModels } from '#pixrnn/model/registry.js';
import { needsProgram, needsPython, PYTHON } from '../needs.js';
import { IS_WINDOWS } from '../platform.js';
import { Folder } from './pixrnn.js';

const MODELS = shippedModels().map(({ name }) => name);
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: bashScript(COMMANDS, MODELS),
  zsh: zshScript(COMMANDS, MODELS),
  fish: fishScript(COMMANDS, MODELS),
  powershell: powershellScript(COMMANDS, MODELS),
};
const SECONDS = 60;
const needsBash = needsProgram('bash', '--version');

/** A line that is typed before TAB, and the arguments that pixrnn then receives. */
const TYPED: readonly (readonly [typed: string, ...args: string[]])[] = [
  ['decom', 'decompress'],
  ['compress --eff', 'compress', '--effort'],
  ['compress --model pixelcnn-r', 'compress', '--model', 'pixelcnn-rgb'],
  ['compress --model=pixelcnn-r', 'compress', '--model=pixelcnn-rgb'],
  ['compress --model min', 'compress', '--model', 'mine.safetensors'],
  ['compress -q --out-dir my', 'compress', '-q', '--out-dir', 'my folder'],
  ['compress my\\ ph', 'compress', 'my photo.png'],
  ['dataset in', 'dataset', 'install'],
  ['dataset install ci', 'dataset', 'install', 'cifar10'],
  ['complete --keep to', 'complete', '--keep', 'top'],
  ['complete a.png --mas', 'complete', 'a.png', '--mask'],
  ['complete --mask a', 'complete', '--mask', 'a.png'],
  ['train my', 'train', 'my folder'],
  ['models --js', 'models', '--json'],
  ['completion z', 'completion', 'zsh'],
  ['help decom', 'help', 'decompress'],
  ['--vers', '--version'],
];

/** A folder with a completion script and with files that have spaces in their names. */
function withFiles(context: TestContext, shell: Shell): Folder {
  const folder = new Folder(context);
  folder.put('script', Buffer.from(SCRIPTS[shell]));
  for (const name of ['my photo.png', 'a.png', 'mine.safetensors']) folder.put(name, Buffer.from(''));
  mkdirSync(folder.at('my folder'));
  return folder;
}

/** Parses "ARGS[a][b]" lines in order; strips the "=" and "/" that some shells leave at the end. */
function argumentsIn(output: string): string[][] {
  const text = stripVTControlCharacters(output);
  const lines = [...text.matchAll(/ARGS((?:\[[^\]\n]*\])*)END/g)];
  return lines.map(([, args = '']) =>
    [...args.matchAll(/\[([^\]]*)\]/g)].map(([, arg = '']) => arg.replace(/[=/]$/, '')),
  );
}

/** Returns the words that bash offers for the last word of a line; fails if bash runs `pixrnn` for them. */
function bashWords(folder: Folder, ...words: string[]): string[] {
  const program = [
    'source ./script; pixrnn() { echo "pixrnn was run" >&2; exit 9; }',
    `COMP_WORDS=(pixrnn "$@"); COMP_CWORD=$#; _pixrnn; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ];
  const options = { cwd: folder.path, encoding: 'utf8', timeout: SECONDS * 1000 } as const;
  const output = execFileSync('bash', ['--norc', '-c', program.join('\n'), 'bash', ...words], options);
  return output.split('\n').filter((word) => word !== '');
}

test('bash completes a line, including files with spaces', { skip: needsBash }, (context) => {
  const folder = withFiles(context, 'bash');
  const input = [
    'source ./script',
    `pixrnn() { printf 'ARGS'; printf '[%s]' "$@"; echo END; }`,
    ...TYPED.map(([typed]) => `pixrnn ${typed}\t`),
    'exit',
  ].join('\n');
  const { stdout } = spawnSync('bash', ['--norc', '--noprofile', '-i'], {
    ...{ cwd: folder.path, input: `${input}\n`, encoding: 'utf8', timeout: SECONDS * 1000 },
    env: { ...process.env, TERM: 'dumb', HISTFILE: '/dev/null', INPUTRC: '/dev/null' },
  });
  assert.deepEqual(
    argumentsIn(stdout),
    TYPED.map(([, ...args]) => args),
  );
});

test('bash offers commands, the options of a command and the choices of an option', { skip: needsBash }, (context) => {
  const folder = withFiles(context, 'bash');
  assert.deepEqual(bashWords(folder, ''), COMMAND_WORDS);
  assert.deepEqual(bashWords(folder, '-'), ['-h', '--help', '--version']);
  assert.deepEqual(bashWords(folder, 'dataset', ''), ['install', 'list', 'downsample']);
  assert.deepEqual(bashWords(folder, 'dataset', 'install', ''), ['cifar10', 'mnist']);
  assert.deepEqual(bashWords(folder, 'compress', '--effort', ''), ['1', '2', '3', '4']);
  assert.deepEqual(bashWords(folder, 'compress', '--effort', '='), ['1', '2', '3', '4']);
  assert.deepEqual(bashWords(folder, 'report', 'a.png', '--effort', '=', '2'), ['2']);
  assert.deepEqual(bashWords(folder, 'train', '--frame', 'l'), ['local']);
  assert.deepEqual(bashWords(folder, 'compress', '--jobs', ''), []);
  assert.deepEqual(bashWords(folder, 'compress', 'a'), [], 'bash completes files itself');
  const models = bashWords(folder, 'compress', '--model', '').filter((word) => MODELS.includes(word));
  assert.deepEqual(models, MODELS);
  for (const { name, options, positionals } of COMMANDS) {
    const all = Object.entries(options).flatMap(([option, given]) => switches(option, given));
    assert.deepEqual(bashWords(folder, ...name.split(' '), '-'), [...all, '-h', '--help'], name);
    if (Object.keys(positionals).length === 0)
      assert.deepEqual(bashWords(folder, ...name.split(' '), ''), [...all, '-h', '--help']);
  }
});

/** Returns the arguments that pixrnn receives from a zsh in which `setUp` has loaded the script. */
function zshArguments(folder: Folder, setUp: string, typed: readonly string[]): string[][] {
  // A separate terminal that runs another zsh; each line is answered before the next one is typed.
  const program = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    answer() { zpty -r shell text "*$1*"; print -r -- "$text"; }
    zpty -w shell "PS1='> '; PS2=''; unset zle_bracketed_paste; setopt no_beep; autoload -Uz compinit"
    zpty -w shell "$1"
    zpty -w shell "pixrnn() { printf 'ARGS'; printf '[%s]' \\"\\$@\\"; echo EN''D; }; echo REA''DY"
    answer READY
    shift
    for typed in "$@"; do zpty -w -n shell "pixrnn $typed"$'\\t\\n'; answer END; done`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', program, 'zsh', setUp, ...typed], {
    ...{ cwd: folder.path, encoding: 'utf8', timeout: SECONDS * 1000, env: { ...process.env, TERM: 'dumb' } },
  });
  return argumentsIn(stdout);
}

test(
  'zsh completes a line, with the script sourced or in $fpath',
  { skip: needsProgram('zsh', '--version') },
  (context) => {
    const folder = withFiles(context, 'zsh');
    folder.put('_pixrnn', Buffer.from(SCRIPTS.zsh));
    for (const setUp of ['compinit -u -D; source ./script', 'fpath=($PWD $fpath); compinit -u -D']) {
      assert.deepEqual(
        zshArguments(
          folder,
          setUp,
          TYPED.map(([typed]) => typed),
        ),
        TYPED.map(([, ...args]) => args),
        setUp,
      );
    }
  },
);

test('fish completes a line', { skip: needsProgram('fish', '--version') }, (context) => {
  const folder = withFiles(context, 'fish');
  const complete = (line: string): string[] => {
    const program = 'source ./script; complete -C $argv[1]';
    const options = { cwd: folder.path, encoding: 'utf8', timeout: SECONDS * 1000 } as const;
    const output = execFileSync('fish', ['--no-config', '-c', program, '--', line], options);
    return output.split('\n').flatMap((row) => (row === '' ? [] : [row.replace(/\t.*/, '')]));
  };
  for (const [typed, ...args] of TYPED)
    assert.ok(
      complete(`pixrnn ${typed}`).some((word) => word.replace(/[/]$/, '') === args.at(-1)),
      typed,
    );
  assert.deepEqual(complete('pixrnn '), [...COMMAND_WORDS].sort());
  assert.deepEqual(complete('pixrnn compress --effort '), ['1', '2', '3', '4']);
  assert.deepEqual(complete('pixrnn dataset install '), ['cifar10', 'mnist']);
  assert.deepEqual(complete('pixrnn models '), []);
});

const skipParser = needsPython('tree_sitter', 'tree_sitter_powershell');

test('the script for PowerShell is valid', { skip: skipParser }, (context) => {
  const folder = withFiles(context, 'powershell');
  const program = [
    'import tree_sitter, tree_sitter_powershell',
    'parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))',
    "print(parser.parse(open('script', 'rb').read()).root_node.has_error)",
  ].join('\n');
  const printed = execFileSync(PYTHON, ['-c', program], { cwd: folder.path, encoding: 'utf8' });
  assert.equal(printed, 'False\n');
});

test('the scripts contain every command and option', () => {
  for (const { name, options } of COMMANDS) {
    for (const option of Object.keys(options)) {
      const patterns = {
        bash: `[' ]--${option}[ ')]`,
        zsh: `--${option}(=|\\[|['},])`,
        powershell: `\n +'${name}' = @\\{\n +'options' = '[^']*--${option}[ ']`,
        fish: `-n '__pixrnn_is \\\\'${name}\\\\'' .*-l ${option} (-l \\w+ )?-d `,
      };
      for (const shell of SHELLS) {
        assert.ok(new RegExp(patterns[shell]).test(SCRIPTS[shell]), `${shell}: ${name} --${option}`);
      }
    }
  }
  for (const shell of SHELLS) assert.ok(MODELS.every((model) => SCRIPTS[shell].includes(model)));
});

test('pixrnn completion prints the script for $SHELL by default', async (context) => {
  const folder = new Folder(context);
  const { code, stdout, stderr } = await folder.run(['completion', 'fish']);
  assert.deepEqual([code, stdout.toString(), stderr], [0, SCRIPTS.fish, '']);
  assert.equal(shellOf('/usr/bin/zsh'), 'zsh');
  assert.equal(shellOf('/bin/bash'), 'bash');
  const usage = { code: 'usage' };
  assert.throws(() => shellOf('/bin/tcsh'), {
    ...usage,
    message: /[\\/]bin[\\/]tcsh, .* Name a shell: bash, zsh, fish or powershell\./,
  });
  if (IS_WINDOWS) assert.equal(shellOf(undefined), 'powershell');
  else assert.throws(() => shellOf(undefined), { ...usage, message: /not set/ });
  assert.equal(shellOf('C:/Program Files/Git/usr/bin/bash.exe'), 'bash');
});
