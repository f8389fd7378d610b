/**
 * Regenerates fixtures/golden.json and fixtures/covering.json (`npm run golden`) and prints the changes; review them before
 * committing.
 */
import { writeCovering } from '../fixtures/covering-cases.js';
import { computeGolden, readGolden, readSources, writeGolden } from '../fixtures/golden.js';

const before = readCases();
const golden = await computeGolden(readSources(), null);
writeGolden(golden);
for (const [name, { file, decoded }] of Object.entries(golden.cases)) {
  const old = before[name];
  if (!old) console.log(`new      ${name}`);
  else if (old.decoded !== decoded) console.log(`image    ${name}`);
  else if (old.file !== file) console.log(`changed  ${name}`);
}
for (const name of Object.keys(before)) if (!(name in golden.cases)) console.log(`gone     ${name}`);
console.log(`${Object.keys(golden.cases).length} cases written to fixtures/golden.json`);
const covering = await writeCovering();
console.log(`${Object.keys(covering.cases).length} of them chosen in fixtures/covering.json`);

/** Returns the current cases; none if there is no file yet. */
function readCases(): ReturnType<typeof readGolden>['cases'] {
  try {
    return readGolden().cases;
  } catch {
    return {};
  }
}
