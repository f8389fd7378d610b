import { setTimeout } from 'node:timers/promises';
import type { TestPage } from './browsers.js';

/* What a user does on the page, as expressions that run in every browser. */

/** Expression of a File in the page. */
function fileOf(name: string, bytes: Uint8Array): string {
  const content = `Uint8Array.from(atob('${Buffer.from(bytes).toString('base64')}'), (c) => c.charCodeAt(0))`;
  return `new File([${content}], ${JSON.stringify(name)})`;
}

/** Drops files on the page. */
export async function dropFiles(page: TestPage, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const list = Object.entries(files).map(([name, bytes]) => fileOf(name, bytes));
  await page.evaluate(`{
    const dataTransfer = new DataTransfer();
    for (const file of [${list.join()}]) dataTransfer.items.add(file);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    null;
  }`);
}

/** A folder: files and folders by name. */
interface Folder {
  readonly [name: string]: Uint8Array | Folder;
}

/** Expression of a FileSystemEntry. A reader returns its entries in several batches, as Chromium does from 100 on. */
function entryOf(name: string, content: Uint8Array | Folder): string {
  if (content instanceof Uint8Array) return `({ isFile: true, file: (found) => found(${fileOf(name, content)}) })`;
  const batches = Object.entries(content).map((entry) => `[${entryOf(...entry)}]`);
  return `({ isDirectory: true, createReader() {
    const batches = [${batches.join()}];
    return { readEntries: (found) => found(batches.shift() ?? []) };
  } })`;
}

/** Drops a folder on the page. A script cannot make the entries of a folder: these stand for them. */
export async function dropFolder(page: TestPage, folder: Folder): Promise<void> {
  await page.evaluate(`{
    const item = { webkitGetAsEntry: () => ${entryOf('folder', folder)}, getAsFile: () => null };
    const event = new DragEvent('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items: [item], files: [] } });
    document.body.dispatchEvent(event);
    null;
  }`);
}

/** Pages on which something that a test waited for did not happen, and what. */
const stuck = new WeakMap<TestPage, string>();

/**
 * Waits until an expression, or what it promises, is true. After the first one that stays false, all others of the same page fail at once: a
 * browser that hangs costs one timeout, not one a test.
 */
export async function until(page: TestPage, expression: string, seconds = 120): Promise<void> {
  const earlier = stuck.get(page);
  if (earlier !== undefined) throw new Error(`not tried, because ${earlier} did not become true`);
  for (const start = performance.now(); performance.now() - start < 1000 * seconds;) {
    if (await page.evaluate<boolean>(`Promise.resolve(${expression}).then(Boolean)`)) return;
    await setTimeout(250);
  }
  stuck.set(page, expression);
  const text = await page.evaluate<string>('document.body.innerText');
  throw new Error(`after ${seconds} s, ${expression} is not true. The page shows:\n${text}`);
}

/** Waits until the page shows a text. */
export function untilText(page: TestPage, text: string, seconds?: number): Promise<void> {
  return until(page, `document.body.innerText.includes(${JSON.stringify(text)})`, seconds);
}

const button = (text: string): string =>
  `[...document.querySelectorAll('button')].find((b) => b.innerText.trim().startsWith(${JSON.stringify(text)}) && !b.hidden)`;

/** Clicks the button whose text starts like this. */
export async function click(page: TestPage, text: string): Promise<void> {
  await until(page, button(text), 60);
  await page.evaluate(`${button(text)}.click()`);
}

/** Clicks a download button and returns the file. */
export async function download(page: TestPage, text: string): Promise<Uint8Array> {
  await until(page, button(text), 60);
  const content = await page.evaluate<string>(`(async () => {
    const own = URL.createObjectURL;
    const saved = new Promise((resolve) => (URL.createObjectURL = (blob) => (resolve(blob), own.call(URL, blob))));
    HTMLAnchorElement.prototype.click = () => {};
    ${button(text)}.click();
    const bytes = new Uint8Array(await (await saved).arrayBuffer());
    URL.createObjectURL = own;
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return btoa(binary);
  })()`);
  return new Uint8Array(Buffer.from(content, 'base64'));
}

/** Returns the type of the previews that the browser encodes: not every browser, nor every WebKit, writes WebP. */
export function previewType(page: TestPage): Promise<string> {
  return page.evaluate(`(async () => {
    const canvas = new OffscreenCanvas(1, 1);
    canvas.getContext('2d');
    const { type } = await canvas.convertToBlob({ type: 'image/webp' });
    return type === 'image/webp' ? type : 'image/jpeg';
  })()`);
}
