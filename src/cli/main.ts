import '../node/install.js';
import { readFileSync } from 'node:fs';
import { PixrnnError } from '../errors.js';
import { ReportedFailure } from './batch.js';
import type { Command } from './command.js';
import { COMMANDS, findCommand } from './commands.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { commandPage, familyPage, helpWidth, mainPage } from './help-page.js';
import { errorLine } from './messages.js';
import { parseArguments } from './parser.js';
import { handleOutputErrors, handleSignals } from './signals.js';
import { standard, type Streams, useStreams } from './streams.js';
import { noCommandError, unknownCommandError } from './usage-errors.js';

/** Runs the command line (without `node` and the script) on these streams and returns the exit code. */
export async function main(argv: readonly string[], streams: Streams = process): Promise<number> {
  handleOutputErrors();
  const removeHandlers = handleSignals();
  const restoreStreams = useStreams(streams);
  try {
    const asked = textAskedFor(argv);
    if (asked !== null) {
      standard.stdout.write(asked);
    } else {
      const { command, args } = parseCommandLine(argv);
      await command.work(args as never, COMMANDS);
    }
    return EXIT.ok;
  } catch (error) {
    if (error instanceof ReportedFailure) return error.exitCode;
    standard.stderr.write(error instanceof MissingCommand ? `${error.page}\n${errorLine(error)}` : errorLine(error));
    return exitCodeOf(error);
  } finally {
    restoreStreams();
    removeHandlers();
  }
}

/** There is no command: somebody may want to know which there are. */
class MissingCommand extends PixrnnError {
  constructor(
    message: string,
    readonly page: string,
  ) {
    super('usage', message);
  }
}

/**
 * The text that --help, --version or `help` ask for; null where a command is to be run.
 * @throws PixrnnError 'usage' where the command is unknown
 */
export function textAskedFor(argv: readonly string[], columns = standard.stdout.columns): string | null {
  const options = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  if (options.includes('--version')) return `${version()}\n`;
  const asks = options.includes('--help') || options.includes('-h');
  if (argv[0] === 'help' && !asks) return pageOf(argv.slice(1), helpWidth(columns));
  if (!asks) return null;
  return pageOf(
    options.filter((word) => word !== '--help' && word !== '-h'),
    helpWidth(columns),
  );
}

function pageOf(words: readonly string[], width: number): string {
  const { command, family, at } = findCommand(words);
  if (command) return commandPage(command, width);
  const others = words.filter((word, index) => !at.includes(index) && !word.startsWith('-'));
  const [other] = others;
  if (other !== undefined) throw unknownCommandError(other, family);
  return family ? familyPage(family, width) : mainPage(width);
}

/**
 * The command of a command line and what its arguments mean.
 * @throws PixrnnError 'usage'
 */
export function parseCommandLine(argv: readonly string[]): { command: Command; args: Record<string, unknown> } {
  const { command, family, at } = findCommand(argv);
  const rest = argv.filter((_, index) => !at.includes(index));
  if (command) return { command, args: parseArguments(command, rest) };
  const [first] = rest;
  if (first?.startsWith('-') && family === null) throw noCommandError(first);
  const word = rest.find((argument) => !argument.startsWith('-'));
  if (word !== undefined) throw unknownCommandError(word, family);
  const width = helpWidth(standard.stderr.columns);
  throw family
    ? new MissingCommand(`There is no command of "pixrnn ${family.name}".`, familyPage(family, width))
    : new MissingCommand('There is no command.', mainPage(width));
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
