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
  { ignores: ['dist', 'build', 'node_modules', 'assembly', 'runs', 'demo'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './test/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: ['test', 'describe', 'it'] }],
    },
  },
  ...downwardImports,
  {
    files: ['src/cli/**/*.ts'],
    ignores: ['src/cli/streams.ts', 'src/cli/signals.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['stdin', 'stdout', 'stderr'].map((property) => ({
          object: 'process',
          property,
          message: 'Use `standard` of streams.ts, which tests replace.',
        })),
      ],
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly' } } },
  {
    files: ['examples/*.js'],
    languageOptions: { globals: { AbortController: 'readonly', AbortSignal: 'readonly', console: 'readonly' } },
  },
);
