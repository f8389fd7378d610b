import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '#pixrnn/cli/commands.js';
import { parseCommandLine } from '#pixrnn/cli/main.js';
import { modelNamed } from '#pixrnn/cli/model-argument.js';
import { switches } from '#pixrnn/cli/command.js';
import { nearest } from '#pixrnn/cli/suggestions.js';
import { PixrnnError } from '#pixrnn/errors.js';

/** Returns the error message for a command line. */
function complaint(argv: readonly string[]): string {
  try {
    parseCommandLine(argv);
  } catch (error) {
    if (error instanceof PixrnnError && error.code === 'usage') return error.message;
    throw error;
  }
  assert.fail(`nothing is wrong with ${argv.join(' ')}`);
}

test('suggests the most similar name', () => {
  const names = ['compress', 'decompress', 'complete', 'info', 'verify', 'no-verify', 'out'];
  for (const [given, name] of [
    ['compres', 'compress'],
    ['Compress', 'compress'],
    ['decompres', 'decompress'],
    ['inof', 'info'],
    ['vreify', 'verify'],
    ['noVerify', 'no-verify'],
    ['noverify', 'no-verify'],
    ['comprss', 'compress'],
    ['oot', 'out'],
    ['x', null],
    ['', null],
    ['in', null],
    ['fast', null],
    ['nonsense', null],
  ] as const) {
    assert.equal(nearest(given, names), name, given);
  }
});

test('names the unknown word and suggests a known one', () => {
  for (const [line, message] of [
    ['compress --efort 1 a.png', 'unknown option --efort. Did you mean --effort? Run "pixrnn compress --help"'],
    ['compress --efort', 'unknown option --efort. Did you mean --effort?'], // and not that an image is missing
    ['compress --efort=1 a.png', 'unknown option --efort. Did you mean --effort?'],
    ['dataset install mnist --dta x', 'unknown option --dta. Did you mean --data? Run "pixrnn dataset install --help"'],
    [
      'decompress a.prnn --effort 1',
      'unknown option --effort: it is an option of compress and report, not of decompress.',
    ],
    ['models --preview', 'unknown option --preview: it is an option of compress and decompress, not of models.'],
    ['compress a.png -z', 'unknown option -z. Run'],
    ['compress a.png -force', 'unknown option -force. Did you mean --force?'],
    ['compress a.png -rz', 'unknown option -rz. Run'],
    ['compress a.png --qiet --frce', 'unknown options: --qiet, --frce. Did you mean --quiet and --force?'],
    ['compress a.png --hlep', 'unknown option --hlep. Did you mean --help?'],
    ['compres a.png', 'unknown command compres. Did you mean compress? Run "pixrnn --help"'],
    ['dataset instal', 'unknown command instal. Did you mean install? Run "pixrnn dataset --help"'],
    ['dataset install mnst', 'unknown name mnst. Did you mean mnist? Use cifar10 or mnist.'],
    ['dataset install imagenet', 'unknown name imagenet. Use cifar10 or mnist.'],
    ['completion tcsh', 'unknown shell tcsh. Use bash, zsh, fish or powershell.'],
    ['--verison', 'unknown option --verison. Did you mean --version? Run "pixrnn --help"'],
    ['--effort 1 a.png', 'no command given: --effort is an option of compress and report.'],
    ['models a.png', 'unknown argument: a.png. Run "pixrnn models --help"'],
    ['train a b c', 'unknown arguments: b, c. Run "pixrnn train --help"'],
  ] as const) {
    const what = complaint(line.split(' '));
    assert.ok(what.startsWith(message), `${line}: ${what}`);
    assert.match(what, /Run "pixrnn [^"]*--help" for usage\.$/);
  }
});

test('names the choices for an invalid value', () => {
  assert.equal(complaint(['compress', 'a.png', '--effort', '5']), '--effort must be 1, 2, 3 or 4.');
  assert.equal(complaint(['train', 'a', '--frame', 'global']), '--frame must be local or absolute.');
  assert.equal(complaint(['report', '--dataset', 'imagenet']), '--dataset must be cifar10 or mnist.');
  assert.match(
    complaint(['train', 'a', '--frame', 'local', '--frame', 'absolute']),
    /^--frame needs exactly one value/,
  );
});

test('names a missing argument with an example', () => {
  for (const command of COMMANDS) {
    const wanted = Object.entries(command.positionals).filter(([, { demandOption }]) => demandOption);
    const [line] = command.examples[0];
    if (wanted.length > 0) {
      const what = complaint(command.name.split(' '));
      assert.match(what, new RegExp(`^missing argument: <${wanted[0]?.[0]}(\\.\\.)?>\\.`));
      assert.ok(what.includes(`Example: "pixrnn ${line}".`), what);
    }
    const options = Object.entries(command.options).filter(([, { demandOption }]) => demandOption);
    if (options.length > 0) {
      const what = complaint([...command.name.split(' '), ...wanted.map(([name]) => name)]);
      for (const [name] of options) assert.ok(what.split('.')[0]?.includes(`--${name}`), what);
      assert.match(what, /^missing options?: --/);
    }
  }
  assert.match(complaint(['compress', 'a.png', '--threads']), /^missing value after --threads\./);
});

test('accepts valid options and arguments', () => {
  const parse = (...argv: string[]): Record<string, unknown> => parseCommandLine(argv).args;
  assert.deepEqual(parse('compress', '-rq', 'a').recursive, true);
  assert.equal(parse('compress', 'a', '-o', '-').output, '-');
  assert.deepEqual(parse('compress', '-').images, ['-']);
  assert.deepEqual(parse('compress', '-q', '--', '-x.png', '--efort').images, ['./-x.png', './--efort']);
  assert.equal(parse('train', 'a', '--seed', '-1').seed, -1);
  assert.equal(parse('train', 'a', '--no-residual')['no-residual'], true);
  assert.deepEqual(parse('report', '--dataset', 'mnist').files ?? [], []);
  for (const command of COMMANDS) {
    for (const [name, option] of Object.entries(command.options)) {
      for (const typed of switches(name, option)) {
        const { group, describe } = option;
        assert.ok(group.length > 0 && describe.length > 0 && describe.length <= 80, `${typed}: ${describe}`);
        assert.doesNotMatch(describe, /\.$/);
      }
    }
  }
});

test('suggests a shipped model for an unknown one', async () => {
  await assert.rejects(modelNamed('pixelcn-rgb'), {
    code: 'unknown-model',
    message: /^model pixelcn-rgb not found: .* Did you mean pixelcnn-rgb\? Run "pixrnn models" for a list\.$/,
  });
  await assert.rejects(modelNamed('my.safetensors'), {
    message: /neither a file nor a shipped model\. Run "pixrnn models"/,
  });
  assert.equal((await modelNamed('photo-gray')).name, 'photo-gray');
});
