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
    // Implementations that tests compare the product with.
    files: [
      'test/**/reference-*.ts',
      'test/**/documented-*.ts',
      'test/engine/{arithmetic-coding,photo-reference,photo-gradient}.ts',
      'fixtures/png.ts',
    ],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^#pixrnn/|/(src|dist)/',
              allowTypeImports: true,
              message: 'An independent implementation takes nothing but types from src/.',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.js'], languageOptions: { globals: { process: 'readonly' } } },
  {
    files: ['examples/*.js'],
    languageOptions: { globals: { AbortController: 'readonly', AbortSignal: 'readonly', console: 'readonly' } },
  },
);
