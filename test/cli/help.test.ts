import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choicesOf, type Command, defaultText, switches, valueText } from '#pixrnn/cli/command.js';
import { COMMAND_WORDS, COMMANDS, FAMILIES } from '#pixrnn/cli/commands.js';
import { commandPage, familyPage, helpWidth, MAIN_EXAMPLES, mainPage } from '#pixrnn/cli/help-page.js';
import { parseCommandLine, requestedText } from '#pixrnn/cli/main.js';

const WIDTHS = [80, 100];

/** Joins a text into one line, so that phrases match wherever they were wrapped. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Splits an example into arguments as a shell without globbing would; drops the shell's redirections. */
function argumentsOf(line: string): string[] {
  assert.doesNotMatch(line.replace(/ \$PROFILE$/, ''), /['"\\$`]/, 'an example needs no quotes');
  return line.replace(/ >>? \S+$/, '').split(' ');
}

/** Returns all examples with the command that they belong to. */
function examples(): { command: Command; line: string; text: string }[] {
  return COMMANDS.flatMap((command) => command.examples.map(([line, text]) => ({ command, line, text })));
}

test('no page is wider than the terminal, and no word is broken', () => {
  for (const width of WIDTHS) {
    const pages = [mainPage(width), ...FAMILIES.map((family) => familyPage(family, width))];
    for (const page of [...pages, ...COMMANDS.map((command) => commandPage(command, width))]) {
      for (const line of page.split('\n')) {
        assert.ok(line.length <= width, `${line.length} columns: ${line}`);
        assert.doesNotMatch(line, /\s$|\u00a0/);
      }
      assert.doesNotMatch(page, /\n\n\n|undefined|\[object|\[\]/);
    }
    for (const { name, describe } of [...COMMANDS, ...FAMILIES]) {
      const main = flat(mainPage(width));
      const isFamily = FAMILIES.some((family) => family.name === name);
      if (!isFamily) assert.ok(main.includes(` pixrnn ${name} ${describe}`), name);
    }
  }
});

test('a page shows all options of its command, with their values and defaults', () => {
  for (const command of COMMANDS) {
    for (const width of [...WIDTHS, 60]) {
      const page = flat(commandPage(command, width));
      for (const text of [command.describe, ...(command.notes ?? [])]) assert.ok(page.includes(flat(text)), text);
      for (const [name, { describe }] of Object.entries(command.positionals)) {
        assert.ok(page.includes(` ${name} ${describe}`), `${command.name} ${name}`);
      }
      for (const [name, option] of Object.entries(command.options)) {
        const [names, value, usual] = [switches(name, option).join(', '), valueText(option), defaultText(option)];
        const row = ` ${names}${value === null ? '' : ` ${value}`} ${option.describe}`;
        assert.equal(page.split(row).length, 2, `once: ${row}`);
        const rest = page.slice(page.indexOf(row) + row.length);
        const [remarks = ''] = /^( \[[^\]]*\])*/.exec(rest) ?? [];
        assert.equal(remarks.includes('[required]'), option.demandOption === true, row);
        assert.equal(/\[default: (.*)\]/.exec(remarks)?.[1] ?? null, usual, row);
        for (const choice of choicesOf(option)) assert.ok(`${value}${remarks}`.includes(choice), `${row}: ${choice}`);
      }
    }
  }
});

test('options are listed in groups', () => {
  for (const command of COMMANDS) {
    const sizes = new Map<string, number>();
    for (const { group } of Object.values(command.options)) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    for (const [group, size] of sizes) {
      assert.ok(size <= 16, `${command.name}: ${group} has ${size}`);
      assert.match(commandPage(command, 80), new RegExp(`\n\n${group}:\n`));
    }
  }
});

test('the overview lists all commands', () => {
  for (const { name } of COMMANDS) assert.match(mainPage(80), new RegExp(`^  pixrnn ${name} {2,}\\S.*[^.]$`, 'm'));
});

test('every example parses when pasted', () => {
  for (const { command, line, text } of examples()) {
    const { command: found } = parseCommandLine(argumentsOf(line));
    assert.equal(found, command, line);
    for (const width of WIDTHS) {
      const page = commandPage(command, width);
      assert.ok(
        page.split('\n').some((shown) => shown.startsWith(`  pixrnn ${line}`)),
        `in one line: ${line}`,
      );
      assert.ok(flat(page).includes(`pixrnn ${line} ${text}`), text);
    }
  }
  for (const { name, examples: own } of COMMANDS) {
    assert.ok(own.length >= 2 && own.length <= 6, name);
    assert.equal(new Set(own.map(([line]) => line)).size, own.length);
  }
  for (const [line] of MAIN_EXAMPLES) parseCommandLine(argumentsOf(line));
});

test('accepts --help, -h and the help command', () => {
  const compress = requestedText(['compress', '--help'], 80);
  assert.match(compress ?? '', /^pixrnn compress \[options\] <images\.\.>\n/);
  for (const argv of [
    ['help', 'compress'],
    ['compress', '-h'],
    ['compress', 'a.png', '--nonsense', '--help'],
    ['--help', 'compress'],
  ]) {
    assert.equal(requestedText(argv, 80), compress, argv.join(' '));
  }
  assert.equal(requestedText(['help', 'dataset', 'list'], 80), requestedText(['dataset', 'list', '-h'], 80));
  assert.match(requestedText(['help', 'dataset', 'list'], 80) ?? '', /^pixrnn dataset list /);
  assert.match(requestedText(['help', 'dataset'], 80) ?? '', /^pixrnn dataset <command>\n/);
  assert.equal(requestedText(['help'], 80), mainPage(80));
  assert.equal(requestedText(['--help'], 80), mainPage(80));
  assert.match(requestedText(['help', '--help'], 80) ?? '', /^pixrnn help \[command\.\.\]/);
  assert.match(requestedText(['--version']) ?? '', /^\d+\.\d+\.\d+\n$/);
  for (const argv of [['compress', 'a.png'], ['compress', '--', '--help'], []]) assert.equal(requestedText(argv), null);
  const usage = { code: 'usage' };
  assert.throws(() => requestedText(['help', 'comprss'], 80), { ...usage, message: /Did you mean compress\?/ });
  assert.throws(() => requestedText(['nonsense', '--help'], 80), { ...usage, message: /unknown command nonsense\./ });
  assert.throws(() => requestedText(['help', 'dataset', 'lst'], 80), { ...usage, message: /Did you mean list\?/ });
});

test('help adapts to the width of the terminal', () => {
  assert.deepEqual([60, 80, 100, 250, 0, undefined].map(helpWidth), [60, 80, 100, 100, 80, 80]);
});

test('finds the command wherever options stand', () => {
  const commandOf = (...argv: string[]): string => parseCommandLine(argv).command.name;
  assert.equal(commandOf('--quiet', 'compress', 'a.png'), 'compress');
  assert.equal(commandOf('--threads', '2', 'compress', 'compress'), 'compress');
  assert.equal(commandOf('dataset', '--json', 'list'), 'dataset list');
  assert.equal(commandOf('compress', 'dataset', 'list'), 'compress');
  assert.ok(COMMAND_WORDS.every((word) => /^[a-z-]+$/.test(word)));
});
