type Cleanup = () => void | Promise<void>;

/** Where a task registers what runs after it, as in a test. */
export interface Context {
  readonly after: (run: Cleanup) => void;
}

/** Runs a task, and then what it registered. */
export async function withCleanup(task: (context: Context) => Promise<void>): Promise<void> {
  const after: Cleanup[] = [];
  try {
    await task({ after: (run) => after.push(run) });
  } finally {
    for (const run of after) await run();
  }
}
