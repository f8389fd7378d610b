import type { Probe } from '../batch/estimate.js';
import type { Coders } from '../engine/pool.js';
import type { FileResult, Missing } from './run-report.js';
import type { ListOptions, SizedTask } from './tasks.js';

/** A command that processes files. */
export interface FileCommand extends ListOptions {
  /** Past participle for the summary: "compressed". */
  readonly verb: string;
  /** The passes over the pixels, in order: "coding", "verifying". */
  readonly phases: readonly string[];
  readonly run: (task: SizedTask, context: FileContext) => Promise<FileResult>;
  /** Returns what a run would do with a file, for a dry run. Throws like `run`. */
  readonly plan: (task: SizedTask) => Promise<PlannedAction>;
  /** Finds files that should exist and do not. Called after all files are processed. */
  readonly missing?: () => readonly Missing[];
  readonly probes: (tasks: readonly SizedTask[], pool: Coders) => AsyncIterable<Probe>;
}

/** What a command needs to process a file. */
export interface FileContext {
  readonly pool: Coders;
  /** Reports progress in pixels; each pixel counts once per phase. The first call starts the clock. */
  readonly update: (done: number, total: number) => void;
  /** Sets the estimated seconds of all phases, before the first one. */
  readonly expect: (seconds: number) => void;
  readonly note: (text: string) => void;
  /** Whether this is the only file of the run. */
  readonly isAlone: boolean;
}

/** What a run would do with a file. */
export interface PlannedAction {
  readonly action: 'make' | 'make-again' | 'skip';
  /** Why an existing output is replaced; null for other actions. */
  readonly reason: string | null;
}
