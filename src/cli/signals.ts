import { PixrnnError } from '../errors.js';
import { CLOSED_PIPE_EXIT, exitCodeOf, SIGNAL_EXIT } from './exit-codes.js';
import { errorLine } from './messages.js';

/**
 * Ends the process on a signal. A handler is needed even though it only exits: without one a signal would end the process
 * in the middle of writing a file, and leave the temporary file behind. Returns what removes the handlers.
 */
export function handleSignals(): () => void {
  const removers = Object.entries(SIGNAL_EXIT).map(([signal, code]) => {
    const handler = (): void => {
      const stop = gracefulStop;
      gracefulStop = null;
      if (stop) stop(code);
      else process.exit(code);
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of removers) remove();
  };
}

let gracefulStop: ((exitCode: number) => void) | null = null;

/**
 * The first signal calls `stop` with the exit code that it asks for, in place of ending the process; a second one ends it.
 * Returns what takes this back.
 */
export function stopGracefully(stop: (exitCode: number) => void): () => void {
  gracefulStop = stop;
  return () => {
    gracefulStop = null;
  };
}

/** For good, since the error may come when the command is done. */
export function handleOutputErrors(): void {
  if (process.stdout.listeners('error').includes(onOutputError)) return;
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', ignoreError);
}

/** When messages reach nobody, nobody can be told of it either; the work is done nevertheless. */
function ignoreError(): void {}

/** A reader that has seen enough (`pixrnn info *.prnn | head`) ends the command without a word, as SIGPIPE ends other programs. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(CLOSED_PIPE_EXIT);
  const failure = new PixrnnError('output-failed', `it cannot be written (${error.message}). Check the space left.`);
  process.stderr.write(errorLine(failure, 'standard output'));
  process.exit(exitCodeOf(failure));
}
