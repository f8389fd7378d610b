import type { DecodedTile } from '#pixrnn/web/index.js';
import type { Item } from './item.js';

/** Paints the tiles of an item, and their rows as they are decoded. */
export class TileCanvas {
  private canvas: OffscreenCanvas | null = null;

  constructor(private readonly item: Item) {}

  paint({ x, y, width, height, pixels }: DecodedTile): void {
    const { item } = this;
    this.canvas ??= this.create(item.width ?? width, item.height ?? height);
    this.canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), x, y);
    const { canvas } = this;
    void createImageBitmap(canvas).then((picture) => {
      const before = item.picture;
      item.set({ picture });
      before?.close();
    });
  }

  private create(width: number, height: number): OffscreenCanvas {
    const canvas = new OffscreenCanvas(width, height);
    const { preview } = this.item;
    if (preview) canvas.getContext('2d')?.drawImage(preview, 0, 0, width, height);
    return canvas;
  }
}
