import { PixrnnError } from '../errors.js';
import { exitCodeOf } from './exit-codes.js';
import { errorLine, messageOf } from './messages.js';
import type { NamedFile } from './named-files.js';
import { standard } from './streams.js';

/** Thrown if some files failed and their errors are already printed. */
export class ReportedFailure extends Error {
  constructor(readonly exitCode: number) {
    super('some files failed');
  }
}

/**
 * Processes the files in order. A failure is printed, with `json` also to standard output, and does not stop the batch.
 * @throws ReportedFailure with the exit code of the first failure
 */
export async function forEachFile(
  files: readonly NamedFile[],
  json: boolean,
  processFile: (file: string) => Promise<void>,
): Promise<void> {
  let exitCode: number | null = null;
  for (const { path: file, fault } of files) {
    try {
      if (fault) throw fault;
      await processFile(file);
    } catch (error) {
      exitCode ??= exitCodeOf(error);
      standard.stderr.write(errorLine(error, file));
      if (json) {
        const code = error instanceof PixrnnError ? error.code : 'internal';
        printJson({ file, error: { code, message: messageOf(error) } });
      }
    }
  }
  if (exitCode !== null) throw new ReportedFailure(exitCode);
}

/** Prints an object as one line of JSON to standard output. */
export function printJson(value: object): void {
  standard.stdout.write(`${JSON.stringify(value)}\n`);
}
