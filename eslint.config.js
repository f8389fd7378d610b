import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The folders of src, from the top down: a file may import from layers below its own. */
const LAYERS = [
  ['cli'],
  ['farm'],
  ['library', 'web'],
  ['service'],
  ['report', 'train', 'batch'],
  ['datasets'],
  ['node'],
  ['sampling', 'heat-map'],
  ['codec'],
  ['engine'],
  ['recipe', 'origin'],
  ['image'],
  ['model', 'packing', 'jpeg', 'parity'],
  ['host'],
];

/** What runs in any JavaScript engine: it reaches its host through src/host alone. */
const PORTABLE = [
  'service',
  'sampling',
  'heat-map',
  'codec',
  'recipe',
  'origin',
  'engine',
  'image',
  'model',
  'packing',
  'jpeg',
  'parity',
  'host',
].map((folder) => `src/${folder}/**/*.ts`);
const PORTABLE_FILES = [...PORTABLE, 'src/*.ts'];
const NOT_PORTABLE = ['src/index.ts'];

const HOST_MODULES = {
  regex: '^(node:|sharp$|(fs|path|os|url|util|buffer|crypto|zlib|stream|module|worker_threads)(/|$))',
  message: 'The portable core reaches its host through src/host (docs/ARCHITECTURE.md).',
};
const HOST_GLOBALS = ['Buffer', 'process', 'require', 'module', '__dirname', '__filename', 'global', 'setImmediate'];

const downwardImports = LAYERS.flatMap((folders, depth) =>
  folders.map((folder) => {
    const forbidden = LAYERS.slice(0, depth + 1)
      .flat()
      .filter((other) => other !== folder);
    const group = forbidden.map((other) => `**/${other}/**`);
    const upward = group.length > 0 ? [{ group, message: 'Imports only point down (eslint.config.js).' }] : [];
    const isPortable = PORTABLE.includes(`src/${folder}/**/*.ts`);
    return {
      files: [`src/${folder}/**/*.ts`],
      ignores: isPortable ? NOT_PORTABLE : [],
      rules: {
        'no-restricted-imports': ['error', { patterns: [...upward, ...(isPortable ? [HOST_MODULES] : [])] }],
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
      parserOptions: {
        project: [
          './tsconfig.json',
          './test/tsconfig.json',
          './web/tsconfig.json',
          './web/service-worker/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
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
  {
    // The page uses the library as any page does, and the palette of the heat maps.
    files: ['web/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            HOST_MODULES,
            {
              regex: '^#pixrnn/(?!web/index[.]js$|heat-map/palette[.]js$)|/(src|dist|test|scripts)/',
              message: 'The page imports pixrnn/web (eslint.config.js).',
            },
          ],
        },
      ],
    },
  },
  {
    files: PORTABLE_FILES,
    ignores: NOT_PORTABLE,
    rules: { 'no-restricted-globals': ['error', ...HOST_GLOBALS] },
  },
  {
    files: ['src/*.ts'],
    ignores: NOT_PORTABLE,
    rules: { 'no-restricted-imports': ['error', { patterns: [HOST_MODULES] }] },
  },
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
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', Buffer: 'readonly', URL: 'readonly', console: 'readonly' } },
  },
  {
    files: ['examples/web/**/*.js', 'test/web/*.js'],
    languageOptions: { globals: { crypto: 'readonly', document: 'readonly' } },
  },
  {
    files: ['examples/*.js'],
    languageOptions: { globals: { AbortController: 'readonly', console: 'readonly', setTimeout: 'readonly' } },
  },
);
