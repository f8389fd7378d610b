import { PixrnnError } from '../errors.js';
import { exitCodeOf } from './exit-codes.js';
import { errorLine, messageOf } from './messages.js';
import type { NamedFile } from './named-files.js';
import { standard } from './streams.js';

/** Some files failed, and their messages are out already. */
export class ReportedFailure extends Error {
  constructor(readonly exitCode: number) {
    super('some files failed');
  }
}

/**
 * Does the work for one file after the other. One that fails is reported, on standard output too where that is JSON, and
 * does not keep the others from their turn.
 * @throws ReportedFailure with the exit code of the first failure
 */
export async function forEachFile(
  files: readonly NamedFile[],
  json: boolean,
  work: (file: string) => Promise<void>,
): Promise<void> {
  let exitCode: number | null = null;
  for (const { path: file, fault } of files) {
    try {
      if (fault) throw fault;
      await work(file);
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

/** One object on one line. */
export function printJson(value: object): void {
  standard.stdout.write(`${JSON.stringify(value)}\n`);
}
