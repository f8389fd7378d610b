import '#pixrnn/node/install.js';
import { parseArgs } from 'node:util';
import { CODEC_NAMES, codecNames, isPixrnn, PACKAGE_OF } from './codec.js';
import { listImages, SETS } from './data-set.js';
import { measureImages } from './measure-images.js';
import { requirePrograms } from './measured-run.js';
import { countOption, listOption, partOf, runMain } from './options.js';
import { readPeers } from './peers.js';
import { lossyResults, reportOf } from './report.js';
import { keyOf, readRows } from './rows.js';
import { writeReport } from './markdown.js';

const HELP = `Compares pixrnn with cjxl and cwebp: size, time and memory. Run from the root of the repository.

npm run bench -- [options]
  --efforts LIST  efforts of pixrnn, comma-separated (1,2,3,4,3-origin); --efforts= for none;
                  3-origin codes the planes from which an image was computed, the others R, G and B
  --others LIST   other codecs (cjxl-9,cjxl-best,cwebp-9), of ${CODEC_NAMES.filter((name) => !isPixrnn(name)).join(', ')};
                  without cjxl-best, its sizes are read from PEERS.tsv
  --sets LIST     sets (${SETS.join(',')})
  --limit N       only the first N images of each set
  --part I/N      measure only part I of N, for one process per core; then use --from
  --data DIR      directory of the sets (../shared/data)
  --core N        core that all programs run on (0)
  --json FILE     append raw figures (NDJSON); figures in it are not measured again
  --from LIST     measure nothing: report the figures of these NDJSON files
  --out FILE      write the report here instead of to standard output
Needs Debian's libjxl-tools, webp, time and util-linux.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      efforts: { type: 'string', default: '1,2,3,4,3-origin' },
      others: { type: 'string', default: 'cjxl-9,cjxl-best,cwebp-9' },
      sets: { type: 'string', default: SETS.join(',') },
      limit: { type: 'string' },
      part: { type: 'string', default: '1/1' },
      data: { type: 'string', default: '../shared/data' },
      core: { type: 'string', default: '0' },
      json: { type: 'string' },
      from: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { data, core, json } = values;
  const pixrnn = listOption(values.efforts).map((effort) => `pixrnn-${effort}`);
  const codecs = codecNames([...pixrnn, ...listOption(values.others)]);
  const listed = await listImages(data, listOption(values.sets), countOption('limit', values.limit, Infinity));
  const images = partOf(listed, values.part);

  if (values.from === undefined) await requirePrograms(PACKAGE_OF);
  const known = values.from === undefined ? null : await readRows(listOption(values.from));
  const rows = known
    ? images.flatMap((image) => known.get(keyOf(image)) ?? [])
    : await measureImages(images, codecs, { data, core, json });
  if (rows.length < images.length)
    process.stderr.write(`only ${rows.length} of ${images.length} images were measured\n`);

  const report = await reportOf(rows, codecs, await readPeers(data));
  await writeReport(report, values.out);
  const lossy = lossyResults(rows, codecs);
  if (lossy.length > 0) throw new Error(`not lossless: ${lossy.join('; ')}`);
}

await runMain(main);
