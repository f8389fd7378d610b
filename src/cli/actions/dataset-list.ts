import { shellWord } from '../../node/path-text.js';
import { dataFolder } from '../../datasets/data-folder.js';
import { DATASET_NAMES, datasetSource, SPLIT_NAMES } from '../../datasets/dataset.js';
import { channelsName } from '../../image/raster.js';
import { formatTable } from '../../report/table.js';
import { printJson } from '../batch.js';
import { formatCount } from '../messages.js';
import { standard } from '../streams.js';

/** `pixrnn dataset list`. */
export async function listDatasets({ data: given, json }: { data: string | undefined; json: boolean }): Promise<void> {
  for (const name of DATASET_NAMES) {
    const { label, shape, counts, find } = datasetSource(name);
    const found = await find(dataFolder(given));
    if (json) {
      const { folder = null, title = label, note = null } = found ?? {};
      printJson({ name, installed: found !== null, title, note, folder, ...shape, images: counts });
      continue;
    }
    const bits = shape.depth === 1 ? '1 bit' : `${shape.depth} bits`;
    const rows = [
      ['  directory', found ? shellWord(found.folder) : `not installed; run \`pixrnn dataset install ${name}\``],
      ['  images', SPLIT_NAMES.map((split) => `${split} ${formatCount(counts[split])}`).join(', ')],
      ['  format', `${shape.width} x ${shape.height} ${channelsName(shape.channels)}, ${bits} per sample`],
      ...(found?.note ? [['  note', found.note]] : []),
    ];
    standard.stdout.write(`${name}: ${found?.title ?? label}\n${formatTable(rows, ['left', 'left'])}`);
  }
}
