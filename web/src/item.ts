import type { CompressedImage, FileInfo, MeasuredBits } from '#pixrnn/web/index.js';

/** What happens to a file. */
export type Stage = 'reading' | 'ready' | 'running' | 'done' | 'failed';

/** A size next to that of the .prnn file. */
export interface PeerSize {
  readonly name: string;
  readonly bytes: number;
}

/** The samples of a channel counted by value, in 256 bins. */
export interface Histogram {
  readonly name: string;
  readonly colour: string;
  readonly counts: Uint32Array;
}

/** A finished file to download. */
export interface Output {
  readonly name: string;
  readonly blob: Blob;
}

/** Progress of the running step. */
export interface Progress {
  /** 0 to 1. */
  readonly share: number;
  /** Null until it can be predicted. */
  readonly secondsLeft: number | null;
  readonly what: string;
}

let lastId = 0;

/** A file that the user added, and what is known about it. Emits `change`. */
export class Item extends EventTarget {
  readonly id = `item-${++lastId}`;
  stage: Stage = 'reading';
  /** Null until it is read. */
  width: number | null = null;
  height: number | null = null;
  format = '';
  /** "RGB, 8 bits" */
  samples = '';
  picture: ImageBitmap | null = null;
  /** The embedded picture of a .prnn file, until there is a picture. */
  preview: ImageBitmap | null = null;
  /** Whether compressing embeds one. */
  wantsPreview = false;
  heat: ImageBitmap | null = null;
  measured: MeasuredBits | null = null;
  estimate: number | null = null;
  progress: Progress | null = null;
  error: string | null = null;
  compressed: CompressedImage | null = null;
  info: FileInfo | null = null;
  output: Output | null = null;
  peers: readonly PeerSize[] = [];
  histograms: readonly Histogram[] = [];
  warnings: readonly string[] = [];
  private controller: AbortController | null = null;

  constructor(readonly file: File) {
    super();
  }

  get isPrnn(): boolean {
    return /\.prnn$/i.test(this.file.name) || this.info !== null;
  }

  /** Sets properties and notifies the listeners. */
  set(values: Partial<Omit<Item, keyof EventTarget>>): void {
    Object.assign(this, values);
    this.dispatchEvent(new Event('change'));
  }

  /** Returns the signal of a new step, which `cancel` aborts. */
  start(): AbortSignal {
    this.controller?.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }

  cancel(): void {
    this.controller?.abort(new DOMException('cancelled', 'AbortError'));
    this.controller = null;
  }
}
