/** What a file takes of the machine while it is worked on. */
export interface Load {
  /** Bytes. */
  readonly memory: number;
  /** Tiles that it can have in work at a time. */
  readonly tiles: number;
}

/** What there is to share. */
export interface Limits {
  /** Files at a time; null: as many as it takes to keep all threads busy. */
  readonly jobs: number | null;
  readonly threads: number;
  /** Bytes for all files together. */
  readonly memory: number;
}

/**
 * Lets files in, in their order, as long as there is room beside those at work; a file that is larger than all the room has it
 * alone. Order counts: a small file does not overtake a large one that waits, which would wait forever otherwise.
 */
export class Admission {
  private readonly running: Load[] = [];
  private readonly queue: { readonly load: Load; readonly enter: () => void }[] = [];

  constructor(private readonly limits: Limits) {}

  /** Waits for room; what it returns gives the room back. */
  async enter(load: Load): Promise<() => void> {
    await new Promise<void>((enter) => {
      this.queue.push({ load, enter });
      this.admit();
    });
    return () => {
      this.running.splice(this.running.indexOf(load), 1);
      this.admit();
    };
  }

  private admit(): void {
    for (let next = this.queue[0]; next && this.hasRoomFor(next.load); next = this.queue[0]) {
      this.queue.shift();
      this.running.push(next.load);
      next.enter();
    }
  }

  private hasRoomFor({ memory }: Load): boolean {
    const all = this.running;
    if (all.length === 0) return true;
    const { jobs, threads, memory: limit } = this.limits;
    const used = all.reduce((sum, load) => sum + load.memory, 0);
    const busy = all.reduce((sum, load) => sum + Math.min(threads, load.tiles), 0);
    return used + memory <= limit && (jobs === null ? busy < threads : all.length < jobs);
  }
}
