import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeControls, shellWord, slashed } from '#pixrnn/node/path-text.js';
import { needsProgram } from '../needs.js';

/** Names of any characters that a file system takes, often those that shells interpret. */
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(...' \'"\\$`!&|;<>()[]{}*?#~=%^@,+-_:\n\t\x1b\x7f\x9b\u202e\u2028'),
      fc.string({ unit: 'grapheme', size: 'small' }),
    ),
  )
  .map((parts) => parts.join(''))
  .filter((text) => text !== '' && !text.includes('\0'));

for (const shell of ['bash', 'zsh']) {
  test(`${shell} reads a path back as it was`, { skip: needsProgram(shell, '-c', '') }, () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 50, maxLength: 50 }), (names) => {
        const script = `printf '%s\\0' ${names.map((one) => shellWord(one, 'linux')).join(' ')}`;
        const { stdout, stderr } = spawnSync(shell, ['-f'], {
          input: script,
          env: { ...process.env, LC_ALL: 'C.UTF-8' },
        });
        assert.deepEqual(stdout.toString().split('\0').slice(0, -1), names, stderr.toString());
      }),
      { numRuns: 10 },
    );
  });
}

test('a path is one line on a terminal, and quoted only if a shell would change it', () => {
  fc.assert(
    fc.property(name, (text) => {
      for (const platform of ['linux', 'win32'] as const) {
        assert.equal(escapeControls(shellWord(text, platform)), shellWord(text, platform));
      }
    }),
  );
  assert.equal(shellWord('in/Größe-写真_1.png', 'linux'), 'in/Größe-写真_1.png');
  assert.equal(shellWord('two words.png', 'linux'), "'two words.png'");
  assert.equal(shellWord("it's.png", 'linux'), `'it'\\''s.png'`);
  assert.equal(shellWord('line\nbreak\udcff.png', 'linux'), `$'line\\nbreak\\xff.png'`);
  assert.equal(shellWord('~/a', 'linux'), `'~/a'`);
});

test('Windows shows its own separators, in double quotes if a shell would split the name', () => {
  const part = fc
    .string({ unit: 'grapheme' })
    .map((text) => text.replace(/[<>:"/\\|?*\p{Cc}\p{Cs}\p{Cf}\p{Zl}\p{Zp}]/gu, '_'));
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1 }),
      fc.constantFrom('', 'C:/', '//server/share/', '//?/C:/'),
      (parts, root) => {
        const path = root + parts.join('/');
        const word = shellWord(path, 'win32');
        const [, quoted] = /^"([^"]*)"$/.exec(word) ?? [];
        assert.equal(slashed(quoted ?? word, 'win32'), path);
        if (quoted === undefined) assert.match(word, /^[^\s&()^;,=@%$`'{}]+$/);
      },
    ),
  );
  assert.equal(shellWord('in/two words.png', 'win32'), '"in\\two words.png"');
  assert.equal(shellWord('C:/Users/RUNNER~1/a.png', 'win32'), 'C:\\Users\\RUNNER~1\\a.png');
  assert.equal(shellWord('s3://bucket/a.png', 'win32'), 's3://bucket/a.png');
});

test('only Windows has two separators', () => {
  assert.equal(slashed('in\\a/b.png', 'win32'), 'in/a/b.png');
  assert.equal(slashed('in\\a/b.png', 'linux'), 'in\\a/b.png');
});

test('escapes control characters', () => {
  assert.equal(escapeControls('a\nb\tc\x1b[31m\x7f\x9b'), 'a\\nb\\tc\\x1b[31m\\x7f\\u009b');
  assert.equal(escapeControls('gpj\u202egnp.exe\u2028'), 'gpj\\u202egnp.exe\\u2028');
  assert.equal(escapeControls('Größe 写真 👩‍🚀'), 'Größe 写真 👩‍🚀');
});
