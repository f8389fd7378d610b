const ENTRY_POINTS = [
  '^src/index[.]ts$',
  '^src/cli/(start|main)[.]ts$',
  '^src/host/portable[.]ts$', // for hosts in browsers
  '^src/library/worker[.]ts$',
  '^src/farm/thread/thread-main[.]ts$',
  '^src/node/engine-worker[.]ts$',
  '^src/web/(index|worker-main|prnn-img)[.]ts$',
  '^src/train/photo-worker[.]ts$',
  '^src/report/html/page-script[.]ts$',
  '^assembly/(index|testing|(jpeg|packing|palette|training)/index)[.]ts$',
];

/** Import rules that ESLint cannot check; `npm run check` runs them over the folders named in package.json. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'No file imports itself through others, not even for a type. Move what both need to a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unused-module',
      comment:
        'Every file of src and assembly is imported from an entry point: the library, the command line, a worker, the HTML page, a wasm.',
      severity: 'error',
      from: { path: ENTRY_POINTS },
      to: { path: '^(src|assembly)/', pathNot: [...ENTRY_POINTS, '[.]d[.]ts$'], reachable: false },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
