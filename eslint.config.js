import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The folders of src, from the top down: a file may import from folders below its own, never from beside or above. */
const LAYERS = [
  ['cli', 'library'],
  ['report', 'train', 'sampling', 'batch'],
  ['codec', 'datasets'],
  ['engine', 'image'],
  ['model'],
];

const downwardImports = LAYERS.flatMap((folders, depth) =>
  folders.map((folder) => {
    const forbidden = LAYERS.slice(0, depth + 1)
      .flat()
      .filter((other) => other !== folder);
    const group = forbidden.map((other) => `**/${other}/**`);
    return {
      files: [`src/${folder}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          { patterns: group.length > 0 ? [{ group, message: 'Imports only point down (eslint.config.js).' }] : [] },
        ],
      },
    };
  }),
);

export default tseslint.config(
  { ignores: ['dist', 'build', 'node_modules', 'runs', 'demo'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    ignores: ['assembly/**'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './test/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test', 'describe', 'it'] }],
    },
  },
  {
    // AssemblyScript: the syntax of TypeScript with types of its own, so no rule that needs types.
    files: ['assembly/**/*.ts'],
    extends: [tseslint.configs.recommended],
    rules: {
      'no-undef': 'off', // asc knows its built-ins
      eqeqeq: 'error',
      'no-duplicate-imports': 'error',
      'no-self-compare': 'error',
      'no-unneeded-ternary': 'error',
      'no-useless-return': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'sort-imports': ['error', { ignoreDeclarationSort: true, ignoreCase: false }],
      '@typescript-eslint/no-shadow': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/no-use-before-define': ['error', { functions: false, variables: false }],
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },
  ...downwardImports,
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly' } } },
  {
    files: ['examples/*.js'],
    languageOptions: { globals: { AbortController: 'readonly', AbortSignal: 'readonly', console: 'readonly' } },
  },
);
