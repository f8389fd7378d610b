/** Standard input, output and error of a command line. */
export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
}

/** A stream that may be a terminal. */
export type TerminalStream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

let current: Streams = process;

/** The streams of the current command. Nothing else in src/cli uses those of the process. */
export const standard: Streams = {
  get stdin() {
    return current.stdin;
  },
  get stdout() {
    return current.stdout;
  },
  get stderr() {
    return current.stderr;
  },
};

/** Replaces the standard streams until the returned function is called. */
export function useStreams(streams: Streams): () => void {
  const before = current;
  current = streams;
  return () => {
    current = before;
  };
}
