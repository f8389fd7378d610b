/**
 * Writes the conformance vectors (docs/CONFORMANCE.md) to a folder.
 *
 * Usage: conformance FOLDER
 */
import { writeConformance } from '../fixtures/conformance.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: conformance FOLDER');
const { accepted, rejected } = await writeConformance(folder);
console.log(`${accepted.length} files to accept and ${rejected.length} to reject written to ${folder}`);
