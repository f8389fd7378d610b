import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { PixrnnError } from '../errors.js';
import { ReportedFailure } from './batch.js';
import { compressCommand } from './commands/compress.js';
import { datasetCommand } from './commands/dataset.js';
import { completeCommand } from './commands/complete.js';
import { decompressCommand } from './commands/decompress.js';
import { infoCommand } from './commands/info.js';
import { modelsCommand } from './commands/models.js';
import { reportCommand } from './commands/report.js';
import { sampleCommand } from './commands/sample.js';
import { trainMixerCommand } from './commands/train-mixer.js';
import { trainCommand } from './commands/train.js';
import { verifyCommand } from './commands/verify.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { errorLine } from './messages.js';
import { checkValues, protectFileNames, restoreStream } from './options.js';
import { handleOutputErrors, handleSignals } from './signals.js';

/** Broken into short lines here: yargs would break within words. */
const EPILOGUE = `Exit codes:
  0    done
  1    internal error
  2    wrong usage
  3    input unreadable or unsupported
  4    the .prnn file is damaged or of another revision
  5    its model is missing
  6    the output exists or cannot be written
  130  interrupted
With several files the others are still done, and the code is that of the
first failure in their order.

"pixrnn <command> --help" shows the options of a command, with examples.`;

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
    .parserConfiguration({ 'boolean-negation': false, 'camel-case-expansion': false, 'dot-notation': false })
    .command(compressCommand)
    .command(decompressCommand)
    .command(verifyCommand)
    .command(infoCommand)
    .command(reportCommand)
    .command(modelsCommand)
    .command(sampleCommand)
    .command(completeCommand)
    .command(trainCommand)
    .command(trainMixerCommand)
    .command(datasetCommand)
    .demandCommand(1, 1, 'There is no command')
    .check(checkValues)
    .strict()
    .recommendCommands()
    .wrap(Math.min(100, cli.terminalWidth() || 100)) // no terminal has no width
    .epilogue(EPILOGUE)
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
  const what = message.startsWith('Did you mean')
    ? `Unknown command ${argv[0] === 'dataset' ? argv[1] : argv[0]}. ${message}`
    : `${message.replace(/^(Unknown arguments?: )(.*)$/s, (_, start: string, names: string) => start + asTyped(names, argv))}.`;
  return new PixrnnError('usage', `${what.replace(/\s*\n\s*/g, ' ')} Run "pixrnn --help" to see what there is.`);
}

/** The names in yargs' list of unknown arguments with the hyphens they had. */
function asTyped(names: string, argv: readonly string[]): string {
  const options = argv.filter((argument) => argument.startsWith('-')).map((argument) => argument.replace(/=.*$/s, ''));
  const typed = (name: string): string => options.find((option) => option.replace(/^--?/, '') === name) ?? name;
  return names.split(', ').map(restoreStream).map(typed).join(', ');
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
