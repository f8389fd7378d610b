/**
 * Codes the golden cases in the current JavaScript engine and prints their hashes as JSON.
 *
 * Usage: golden-run [NAMES], a JSON file with the names of some cases
 */
import { readFileSync } from 'node:fs';
import { computeGolden, readSources } from '../fixtures/golden.js';

const [file] = process.argv.slice(2);
const names = file === undefined ? null : new Set(JSON.parse(readFileSync(file, 'utf8')) as string[]);
console.log(JSON.stringify(await computeGolden(readSources(), (name) => names?.has(name) ?? true)));
