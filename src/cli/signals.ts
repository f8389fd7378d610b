import { PixrnnError } from '../errors.js';
import { CLOSED_PIPE_EXIT, exitCodeOf, SIGNAL_EXIT } from './exit-codes.js';
import { errorLine } from './messages.js';

/**
 * Ends the process on a signal, on Windows also on Ctrl-Break (SIGBREAK) and when its window is closed (SIGHUP). Without a handler, a signal
 * would end it while it writes a file, and the temporary file would stay. Returns a function that removes the handlers.
 */
export function handleSignals(): () => void {
  const removers = Object.entries({ ...SIGNAL_EXIT, SIGBREAK: SIGNAL_EXIT.SIGINT }).map(([signal, code]) => {
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
 * Makes the first signal call `stop` with its exit code instead of ending the process; a second signal ends it. Returns a function that
 * undoes this.
 */
export function stopGracefully(stop: (exitCode: number) => void): () => void {
  gracefulStop = stop;
  return () => {
    gracefulStop = null;
  };
}

/** Handles errors of standard output and standard error. Never removed, because an error may arrive after the command has ended. */
export function handleOutputErrors(): void {
  if (process.stdout.listeners('error').includes(onOutputError)) return;
  process.stdout.on('error', onOutputError);
  process.stderr.on('error', ignoreError);
}

/** Ignores errors of standard error: they cannot be reported, and the command can still finish. */
function ignoreError(): void {}

/** Exits silently if the reader closes the pipe (`pixrnn info *.prnn | head`), like programs that SIGPIPE ends. */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(CLOSED_PIPE_EXIT);
  const failure = new PixrnnError('output-failed', `it cannot be written (${error.message}). Check the free space.`);
  process.stderr.write(errorLine(failure, 'standard output'));
  process.exit(exitCodeOf(failure));
}
