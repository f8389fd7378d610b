import { defineCommand } from '../command.js';
import { recursing } from '../batch-options.js';
import { coding, fileList, reading } from '../options.js';
import { datasetReporting, reporting } from '../report-options.js';

export const reportCommand = defineCommand({
  name: 'report',
  describe: 'Measure bits/dim; write tables and heat maps',
  positionals: { files: { ...fileList('Image files, directories with -r; - is standard input'), demandOption: false } },
  options: { ...recursing, ...datasetReporting, ...reporting, ...reading, ...coding },
  examples: [
    ['report photos/*.png', 'A table with one line per image and a total'],
    ['report --html report.html --compare *.png', 'An HTML page with heat maps'],
    ['report --heatmap map.png photo.png', 'A heat map of the bits of one image'],
    ['report --csv - photos/*.png', 'CSV on standard output'],
    ['report --check-coder photo.png', 'Codes a tile again with a reference coder and compares'],
    ['report --dataset cifar10', 'Test images, with the figures of the paper'],
  ],
  run: async (args) => (await import('../actions/report.js')).reportOn(args),
});
