/** Codes the golden cases in the JavaScript engine that runs this and prints their hashes as JSON. */
import { computeGolden } from '../fixtures/golden.js';

console.log(JSON.stringify(await computeGolden()));
