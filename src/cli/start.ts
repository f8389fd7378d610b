import { commandLine } from './command-line.js';
import { main } from './main.js';

/* The program `pixrnn`. */
process.exitCode = await main(commandLine());
