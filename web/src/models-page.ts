import type { DecodedTile } from '#pixrnn/web/index.js';
import { fill, h } from './dom.js';
import { icon } from './icons.js';
import { codec } from './pixrnn.js';

/* Draws images from the models, pixel by pixel. */

interface Drawable {
  readonly model: string;
  readonly title: string;
  readonly text: string;
  readonly side: 28 | 32;
}

const MODELS: readonly Drawable[] = [
  {
    model: 'mnist-pixelcnn',
    title: 'PixelCNN, digits',
    text: 'Masked convolutions, trained on binarized MNIST.',
    side: 28,
  },
  {
    model: 'mnist-row-lstm',
    title: 'Row LSTM, digits',
    text: 'A recurrent layer that sees a triangle of pixels above.',
    side: 28,
  },
  {
    model: 'mnist-diagonal-bilstm',
    title: 'Diagonal BiLSTM, digits',
    text: 'Two recurrent layers that see all pixels before.',
    side: 28,
  },
  {
    model: 'cifar10-pixelcnn',
    title: 'PixelCNN, colour',
    text: 'A 256-way softmax for each of R, G and B, trained on CIFAR-10.',
    side: 32,
  },
  {
    model: 'cifar10-pixelcnn-logistics',
    title: 'PixelCNN, logistics',
    text: 'A mixture of logistics instead of the softmax.',
    side: 32,
  },
  {
    model: 'cifar10-row-lstm',
    title: 'Row LSTM, colour',
    text: 'The recurrent layer of the paper, on colour images.',
    side: 32,
  },
  {
    model: 'cifar10-diagonal-bilstm',
    title: 'Diagonal BiLSTM, colour',
    text: 'The best model of the paper, on colour images.',
    side: 32,
  },
  {
    model: 'cifar10-multi-scale',
    title: 'Multi-Scale',
    text: 'Draws a small image first, then the large one around it.',
    side: 32,
  },
];

/** Colour images drawn at 1, the model's own distribution, drift into noise. */
const COLOUR_TEMPERATURE = 0.9;

/** Images that a gallery shows. */
const COUNT = 8;

/** Returns the page of models. */
export function modelsPage(): HTMLElement {
  return h(
    'div',
    { class: 'models-page' },
    h('h1', {}, 'Watch a model draw'),
    h(
      'p',
      { class: 'lead' },
      'These are the models of Pixel Recurrent Neural Networks (2016). Each predicts a pixel from the pixels above and to the left of it. Fed with random bits instead of a file, the decoder draws new images. They are drawn on this machine, now.',
    ),
    h('div', { class: 'models' }, ...MODELS.map(card)),
  );
}

function card(drawable: Drawable): HTMLElement {
  const { model, title, text, side } = drawable;
  const canvases = Array.from({ length: COUNT }, () =>
    h('canvas', { width: side, height: side, role: 'img', 'aria-label': `Sample of ${title}, not drawn yet` }),
  );
  const first = model.startsWith('cifar10') ? COLOUR_TEMPERATURE : 1;
  const temperature = h('input', {
    type: 'range',
    min: 0.5,
    max: 1.2,
    step: 0.05,
    value: first,
    'aria-label': `Temperature of ${title}`,
  });
  const shown = h('output', {}, first.toFixed(2));
  temperature.addEventListener('input', () => (shown.value = Number(temperature.value).toFixed(2)));
  const status = h('p', { class: 'hint', role: 'status' });
  const start = h('button', { type: 'button', class: 'button quiet' });
  let controller: AbortController | null = null;
  const label = (name: 'play' | 'stop', words: string): void => fill(start, icon(name), h('span', {}, words));
  label('play', 'Draw');
  const draw = async (): Promise<void> => {
    controller = new AbortController();
    label('stop', 'Stop');
    status.textContent = 'Loading the model';
    try {
      for (const canvas of canvases) {
        await drawSample(
          canvas,
          { ...drawable, temperature: Number(temperature.value), signal: controller.signal },
          () => {
            status.textContent = '';
          },
        );
        canvas.setAttribute('aria-label', `Sample of ${title}`);
      }
    } catch (error) {
      if (!controller.signal.aborted) status.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      controller = null;
      label('play', 'Draw again');
    }
  };
  start.addEventListener('click', () => {
    if (controller) controller.abort();
    else void draw();
  });
  return h(
    'article',
    { class: 'model', 'data-model': model },
    h('div', { class: 'gallery' }, ...canvases),
    h('h2', {}, title),
    h('p', {}, text),
    h('label', { class: 'temperature' }, 'Temperature', temperature, shown),
    h('div', { class: 'model-actions' }, start, status),
  );
}

interface Drawing extends Drawable {
  readonly temperature: number;
  readonly signal: AbortSignal;
}

/** Draws a sample: a row arrives as soon as the model has drawn it, and its pixels appear one after the other. */
async function drawSample(canvas: HTMLCanvasElement, drawing: Drawing, onFirst: () => void): Promise<void> {
  const { model, temperature, signal } = drawing;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const reveal = new Reveal(context);
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const onRow = (row: DecodedTile): void => {
    onFirst();
    reveal.add(row);
  };
  await codec.sample(model, { seed, temperature, signal, onRow, width: drawing.side, height: drawing.side });
  await reveal.end();
}

/** Shows rows pixel by pixel, as fast as they arrive. */
class Reveal {
  private readonly rows: DecodedTile[] = [];
  private shown = 0;
  private isEnding = false;
  private readonly finished: Promise<void>;
  private lastAt = performance.now();
  /** Milliseconds of a row, measured. */
  private perRow = 40;

  constructor(private readonly context: CanvasRenderingContext2D) {
    this.finished = new Promise((resolve) => {
      const step = (): void => {
        this.paint();
        if (this.isEnding && this.shown >= this.rows.length) resolve();
        else requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
  }

  add(row: DecodedTile): void {
    const now = performance.now();
    if (this.rows.length > 0) this.perRow = 0.7 * this.perRow + 0.3 * Math.min(200, now - this.lastAt);
    this.lastAt = now;
    this.rows.push(row);
  }

  end(): Promise<void> {
    this.isEnding = true;
    return this.finished;
  }

  private paint(): void {
    const before = this.shown;
    this.shown = Math.min(this.rows.length, before + 16 / Math.max(4, this.perRow));
    for (let y = Math.floor(before); y < Math.ceil(this.shown); y++) {
      const row = this.rows[y];
      if (!row) continue;
      const width = Math.min(row.width, Math.ceil((this.shown - y) * row.width));
      const image = new ImageData(row.pixels, row.width, row.height);
      this.context.putImageData(image, 0, row.y, 0, 0, width, row.height);
    }
  }
}
