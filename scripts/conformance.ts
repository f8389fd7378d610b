/**
 * Writes the conformance vectors (docs/CONFORMANCE.md) to a new folder.
 *
 * Usage: conformance FOLDER
 */
import { existsSync } from 'node:fs';
import { writeConformance } from '../fixtures/conformance.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: conformance FOLDER');
if (existsSync(folder)) throw new Error(`${folder} exists. Vectors never change: name a new folder.`);
const { accepted, rejected } = await writeConformance(folder);
console.log(`${accepted.length} files to accept and ${rejected.length} to reject written to ${folder}`);
