import '../node/install.js';
import { readAssetText } from '../node/assets.js';
import { PixrnnError } from '../errors.js';
import { checkMachine } from '../host/machine.js';
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
    const text = requestedText(argv);
    if (text !== null) {
      standard.stdout.write(text);
    } else {
      const { command, args } = parseCommandLine(argv);
      checkMachine();
      await command.run(args as never, COMMANDS);
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

/** The error for a missing command, printed after the help page. */
class MissingCommand extends PixrnnError {
  constructor(
    message: string,
    readonly page: string,
  ) {
    super('usage', message);
  }
}

/**
 * Returns the text for --help, --version or `help`; null if the command line runs a command.
 * @throws PixrnnError 'usage' if the command is unknown
 */
export function requestedText(argv: readonly string[], columns = standard.stdout.columns): string | null {
  const options = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length);
  if (options.includes('--version')) return `${version()}\n`;
  const wantsHelp = options.includes('--help') || options.includes('-h');
  if (argv[0] === 'help' && !wantsHelp) return pageOf(argv.slice(1), helpWidth(columns));
  if (!wantsHelp) return null;
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
 * Returns the command of a command line and its parsed arguments.
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
    ? new MissingCommand(`"pixrnn ${family.name}" needs a command.`, familyPage(family, width))
    : new MissingCommand('no command given.', mainPage(width));
}

function version(): string {
  return (JSON.parse(readAssetText('../package.json')) as { version: string }).version;
}
