import type { HostWorker } from '../host/host.js';
import type { EngineEvent, EngineRequest } from './engine-messages.js';
import { startThread, type WorkerScript } from './start-thread.js';
import type { Passed } from './worker-start.js';

/** The engine threads of a background thread, in the page. */
export class EngineThreads {
  private readonly threads = new Map<number, HostWorker>();

  /** @param send posts a message to the background thread */
  constructor(
    private readonly script: WorkerScript,
    private readonly send: (message: EngineEvent, transfer: readonly ArrayBuffer[]) => void,
  ) {}

  /** Handles a message of the background thread. */
  receive(request: EngineRequest): void {
    const { engine } = request;
    switch (request.type) {
      case 'start-engine':
        return void this.threads.set(engine, this.startEngine(engine));
      case 'to-engine':
        return this.threads.get(engine)?.postMessage(request.message, request.transfer);
      case 'end-engine':
        return void this.threads.get(engine)?.terminate();
    }
  }

  /** Ends all threads. */
  end(): void {
    for (const thread of this.threads.values()) void thread.terminate();
  }

  private startEngine(engine: number): HostWorker {
    return startThread(
      this.script,
      { role: 'engine' },
      {
        onMessage: (passed) => {
          const { message, transfer } = passed as Passed;
          this.send({ type: 'from-engine', engine, message }, transfer);
        },
        onEnd: ({ message: reason }) => {
          this.threads.delete(engine);
          this.send({ type: 'engine-ended', engine, reason }, []);
        },
      },
    );
  }
}
