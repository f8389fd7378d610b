/**
 * Prints the directory of Node.js of a major version, installed from npm if it is missing, for PATH. Exit code 1 if that is impossible.
 *
 * Usage: node-folder MAJOR
 */
import { dirname } from 'node:path';
import { nodeEngine } from './engines.js';
import { THIS_MACHINE } from './machine.js';

const [major = ''] = process.argv.slice(2);
const isRunning = process.versions.node.startsWith(`${major}.`);
const machine = isRunning ? THIS_MACHINE : nodeEngine(`Node ${major}`, major).machine();
if (typeof machine === 'string') {
  console.error(machine);
  process.exitCode = 1;
} else {
  console.log(dirname(machine.command[0]));
}
