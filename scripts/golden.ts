/** Writes fixtures/golden.json again (`npm run golden`) and says what changed; look at that before you commit it. */
import { computeGolden, readGolden, writeGolden } from '../fixtures/golden.js';

const before = readCases();
const golden = await computeGolden();
writeGolden(golden);
for (const [name, { file, samples }] of Object.entries(golden.cases)) {
  const old = before[name];
  if (!old) console.log(`new      ${name}`);
  else if (old.samples !== samples) console.log(`image    ${name}`);
  else if (old.file !== file) console.log(`changed  ${name}`);
}
for (const name of Object.keys(before)) if (!(name in golden.cases)) console.log(`gone     ${name}`);
console.log(`${Object.keys(golden.cases).length} cases written to fixtures/golden.json`);

/** None where there is no file yet. */
function readCases(): ReturnType<typeof readGolden>['cases'] {
  try {
    return readGolden().cases;
  } catch {
    return {};
  }
}
