import { defineCommand } from '../command.js';
import { recursing } from '../batch-options.js';
import { coding, fileList, reading } from '../options.js';
import { datasetReporting, reporting } from '../report-options.js';

export const reportCommand = defineCommand({
  name: 'report',
  describe: "Compare bits/dim of files with the model's promise",
  positionals: { files: { ...fileList('Image files, directories with -r; - is standard input'), demandOption: false } },
  options: { ...recursing, ...datasetReporting, ...reporting, ...reading, ...coding },
  examples: [
    ['report photos/*.png', 'A table with a line for each image and one for all'],
    ['report --html report.html --compare *.png', 'A page with heat maps, for a browser'],
    ['report --heatmap map.png photo.png', 'Where the bits of one image go'],
    ['report --csv - photos/*.png', 'For a spreadsheet or a program'],
    ['report --check-coder photo.png', 'Code a tile again with another coder and compare'],
    ['report --dataset cifar10', 'Test images, beside the figures of the paper'],
  ],
  work: async (args) => (await import('../actions/report.js')).reportOn(args),
});
