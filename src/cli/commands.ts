import type { Command } from './command.js';
import { completeCommand } from './commands/complete.js';
import { completionCommand } from './commands/completion.js';
import { compressCommand } from './commands/compress.js';
import { datasetDownsampleCommand } from './commands/dataset-downsample.js';
import { datasetInstallCommand } from './commands/dataset-install.js';
import { datasetListCommand } from './commands/dataset-list.js';
import { decompressCommand } from './commands/decompress.js';
import { helpCommand } from './commands/help.js';
import { infoCommand } from './commands/info.js';
import { modelsCommand } from './commands/models.js';
import { queueDrainCommand } from './commands/queue-drain.js';
import { queueFailedCommand } from './commands/queue-failed.js';
import { queueForgetCommand } from './commands/queue-forget.js';
import { queuePauseCommand } from './commands/queue-pause.js';
import { queueResumeCommand } from './commands/queue-resume.js';
import { queueRetryCommand } from './commands/queue-retry.js';
import { queueStatusCommand } from './commands/queue-status.js';
import { repairCommand } from './commands/repair.js';
import { reportCommand } from './commands/report.js';
import { sampleCommand } from './commands/sample.js';
import { thumbnailCommand } from './commands/thumbnail.js';
import { trainMixerCommand } from './commands/train-mixer.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { workerCommand } from './commands/worker.js';

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  compressCommand,
  decompressCommand,
  verifyCommand,
  repairCommand,
  infoCommand,
  thumbnailCommand,
  reportCommand,
  modelsCommand,
  sampleCommand,
  completeCommand,
  trainCommand,
  trainMixerCommand,
  datasetInstallCommand,
  datasetListCommand,
  datasetDownsampleCommand,
  workerCommand,
  queueStatusCommand,
  queueFailedCommand,
  queueRetryCommand,
  queuePauseCommand,
  queueResumeCommand,
  queueDrainCommand,
  queueForgetCommand,
  completionCommand,
  helpCommand,
];

/** Commands whose names share the first word: "dataset", "queue". */
export interface Family {
  readonly name: string;
  readonly describe: string;
  readonly members: readonly Command[];
}

export const FAMILIES: readonly Family[] = [
  {
    name: 'dataset',
    describe: 'Install, list and create image data sets',
    members: COMMANDS.filter(({ name }) => name.startsWith('dataset ')),
  },
  {
    name: 'queue',
    describe: 'Inspect and control the queue of a farm of workers',
    members: COMMANDS.filter(({ name }) => name.startsWith('queue ')),
  },
];

/** The first words of all commands. */
export const COMMAND_WORDS: readonly string[] = [...new Set(COMMANDS.map(({ name }) => firstWord(name)))];

/** The command that a command line names. */
export interface Found {
  readonly command: Command | null;
  readonly family: Family | null;
  /** Indices of the command's words; the other words are its arguments. */
  readonly at: readonly number[];
}

/**
 * Finds the command of a command line: its first argument or, if that is an option, the first argument that is the name of a command. In a
 * family the next argument that is not an option selects the member.
 */
export function findCommand(argv: readonly string[]): Found {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const line = argv.slice(0, end);
  const first = line[0]?.startsWith('-') ? line.findIndex((word) => COMMAND_WORDS.includes(word)) : 0;
  const word = line[first];
  const family = FAMILIES.find(({ name }) => name === word) ?? null;
  if (family === null) {
    const command = COMMANDS.find(({ name }) => name === word) ?? null;
    return { command, family, at: command ? [first] : [] };
  }
  const second = line.findIndex((other, index) => index > first && !other.startsWith('-'));
  const command = family.members.find(({ name }) => name === `${family.name} ${line[second]}`) ?? null;
  return { command, family, at: command ? [first, second] : [first] };
}

function firstWord(name: string): string {
  return name.replace(/ .*/, '');
}
