/** Codes the golden cases in the current JavaScript engine and prints their hashes as JSON. */
import { computeGolden, readSources } from '../fixtures/golden.js';

console.log(JSON.stringify(await computeGolden(readSources())));
