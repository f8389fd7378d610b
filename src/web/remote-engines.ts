import type { Host, HostWorker, WorkerEvents } from '../host/host.js';
import { answerTo, type AssetRequest } from './engine-assets.js';
import type { EngineEvent, EngineRequest } from './engine-messages.js';

/** The engine threads of a background thread, as it sees them. */
export class RemoteEngines {
  private readonly running = new Map<number, WorkerEvents>();
  private last = 0;

  /** @param send posts a message to the page */
  constructor(
    private readonly send: (message: EngineRequest, transfer?: readonly ArrayBuffer[]) => void,
    private readonly readAsset: Host['readAsset'],
  ) {}

  start(events: WorkerEvents): HostWorker {
    const engine = ++this.last;
    this.running.set(engine, events);
    this.send({ type: 'start-engine', engine });
    return {
      postMessage: (message, transfer) => this.send({ type: 'to-engine', engine, message, transfer }, transfer),
      terminate: () => {
        this.send({ type: 'end-engine', engine });
        this.end(engine, 'it was terminated');
        return Promise.resolve();
      },
    };
  }

  /** Handles a message of the page. */
  receive(event: EngineEvent): void {
    const { engine } = event;
    if (event.type === 'engine-ended') this.end(engine, event.reason);
    else if (isAssetRequest(event.message)) void this.answer(engine, event.message);
    else this.running.get(engine)?.onMessage(event.message);
  }

  private async answer(engine: number, request: AssetRequest): Promise<void> {
    const message = await answerTo(request, this.readAsset);
    this.send({ type: 'to-engine', engine, message, transfer: [] });
  }

  private end(engine: number, reason: string): void {
    const events = this.running.get(engine);
    this.running.delete(engine);
    events?.onEnd(new Error(reason));
  }
}

function isAssetRequest(message: unknown): message is AssetRequest {
  return typeof message === 'object' && message !== null && 'asset' in message;
}
