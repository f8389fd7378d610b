import type { Probe } from '../batch/estimate.js';
import type { Coders } from '../engine/pool.js';
import type { FileResult, Missing } from './run-report.js';
import type { ListOptions, SizedTask } from './tasks.js';

/** What a command does with files. */
export interface FileCommand extends ListOptions {
  /** What is said of a file that is done: "compressed". */
  readonly verb: string;
  /** What is done to each pixel, one after the other. */
  readonly phases: readonly string[];
  readonly work: (task: SizedTask, context: FileContext) => Promise<FileResult>;
  /** What a dry run says that would become of a file; throws what the work would. */
  readonly plan: (task: SizedTask) => Promise<PlannedAction>;
  /** Files that should be there and are not, looked for after all others. */
  readonly missing?: () => readonly Missing[];
  readonly probes: (tasks: readonly SizedTask[], pool: Coders) => AsyncIterable<Probe>;
}

/** What a command has for a file. */
export interface FileContext {
  readonly pool: Coders;
  /** In pixels, which count once for each phase. */
  readonly update: (done: number, total: number) => void;
  readonly note: (text: string) => void;
  /** Whether the run is for this file alone. */
  readonly isAlone: boolean;
}

/** What would become of a file that does not fail. */
export interface PlannedAction {
  readonly action: 'make' | 'make-again' | 'skip';
  /** Why it is made again. */
  readonly reason: string | null;
}
