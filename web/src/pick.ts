import { byId, h } from './dom.js';

/* Ways to add files: drop (folders too), paste, pick. */

/** Opens the file dialog. */
export function pickFiles(onFiles: (files: File[]) => void, directory = false): void {
  const input = h('input', { type: 'file', multiple: true, ...(directory && { webkitdirectory: true }) });
  input.addEventListener('change', () => onFiles([...(input.files ?? [])]));
  input.click();
}

/** Adds files that are dropped on the page or pasted into it. */
export function listenForFiles(onFiles: (files: File[]) => void): void {
  const hint = byId('drop-hint');
  let depth = 0;
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const show = (change: number): void => {
    depth = Math.max(0, depth + change);
    hint.hidden = depth === 0;
  };
  document.addEventListener('dragenter', (event) => {
    if (hasFiles(event)) show(1);
  });
  document.addEventListener('dragleave', (event) => {
    if (hasFiles(event)) show(-1);
  });
  document.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    show(-depth);
    void filesOf(event.dataTransfer).then(onFiles);
  });
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length > 0) onFiles(files);
  });
}

/** Returns the dropped files, those in folders too. */
async function filesOf({ items, files }: DataTransfer): Promise<File[]> {
  // Only folders are read through their entries: WebKit finds no entry of a file that a script has made.
  const dropped = [...items].map((item): Promise<File[]> => {
    const entry = item.webkitGetAsEntry();
    const file = entry?.isDirectory ? null : item.getAsFile();
    return entry && !file ? filesIn(entry) : Promise.resolve(file ? [file] : []);
  });
  const found = (await Promise.all(dropped)).flat();
  return found.length === 0 ? [...files] : found;
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) break;
    found.push(...batch);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}
