/**
 * Codes the golden cases in the current JavaScript engine and prints their hashes as JSON.
 *
 * Usage: golden-run [NAMES], the names of some cases as a JSON array
 */
import { computeGolden, readSources } from '../fixtures/golden.js';

const [argument] = process.argv.slice(2);
const names = argument === undefined ? null : (JSON.parse(argument) as string[]);
console.log(JSON.stringify(await computeGolden(readSources(), names)));
