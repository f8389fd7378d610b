import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { PixrnnError } from '../errors.js';
import { ReportedFailure } from './batch.js';
import { compressCommand } from './commands/compress.js';
import { decompressCommand } from './commands/decompress.js';
import { infoCommand } from './commands/info.js';
import { modelsCommand } from './commands/models.js';
import { reportCommand } from './commands/report.js';
import { trainCommand } from './commands/train.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { errorLine } from './messages.js';
import { protectFileNames } from './options.js';
import { handleOutputErrors, handleSignals } from './signals.js';

/** Runs the command line (without `node` and the script) and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  handleOutputErrors();
  const removeHandlers = handleSignals();
  try {
    await parser(argv).parseAsync();
    return EXIT.ok;
  } catch (error) {
    if (error instanceof ReportedFailure) return error.exitCode;
    process.stderr.write(errorLine(error));
    return exitCodeOf(error);
  } finally {
    removeHandlers();
  }
}

function parser(argv: readonly string[]) {
  const cli = yargs(protectFileNames(argv));
  return cli
    .scriptName('pixrnn')
    .usage('$0 <command>\n\nLossless image compression with autoregressive models.')
    .locale('en')
    .version(version())
    .parserConfiguration({ 'boolean-negation': false, 'dot-notation': false })
    .command(compressCommand)
    .command(decompressCommand)
    .command(infoCommand)
    .command(reportCommand)
    .command(modelsCommand)
    .command(trainCommand)
    .demandCommand(1, 1, 'There is no command')
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, cli.terminalWidth()))
    .exitProcess(false)
    .fail((message, error) => {
      throw isOfYargs(error) ? usageError(message || error.message, argv) : error;
    });
}

/** yargs gives its own complaints as a message, an error of its own, or both. */
function isOfYargs(error: Error | undefined): error is Error & { name: 'YError' } {
  return error === undefined || error === null || error.name === 'YError';
}

function usageError(message: string, argv: readonly string[]): PixrnnError {
  const what = message.startsWith('Did you mean') ? `Unknown command ${argv[0]}. ${message}` : `${message}.`;
  return new PixrnnError('usage', `${what.replace(/\s*\n\s*/g, ' ')} Run "pixrnn --help" to see what there is.`);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
