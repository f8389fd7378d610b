/* The single-file program. Its scripts are CommonJS, which has no top-level await. */
import { commandLine } from '../../dist/cli/command-line.js';
import { main } from '../../dist/cli/main.js';

void main(commandLine()).then((code) => {
  process.exitCode = code;
});
