/** Devices of MS-DOS, which Windows finds in every directory, most programs with every extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:[.:]|$)/i;
const FORBIDDEN = /[<>:"|?*\p{Cc}]/u;

/** Whether Windows takes a path for a device. */
export function isWindowsDevice(path: string): boolean {
  const [, name = path] = /[\\/]([^\\/]+)$/.exec(path) ?? [];
  return !name.includes('.') && DEVICE.test(name);
}

/**
 * Returns why no file of this name can be created on Windows, or none that other programs can open; null if one can.
 * @param path with `/` between its parts
 */
export function windowsNameFault(path: string): string | null {
  const parts = path.replace(/^([a-z]:|\/\/[?.]\/(?:[a-z]:)?)/i, '').split('/');
  for (const part of parts) {
    if (part === '.' || part === '..') continue;
    const [, device] = DEVICE.exec(part) ?? [];
    if (device !== undefined) return `Windows reserves the name ${device.toUpperCase()}`;
    const [character] = FORBIDDEN.exec(part) ?? [];
    if (character !== undefined)
      return `Windows allows no ${character < ' ' ? 'control characters' : character} in names`;
    if (/[. ]$/.test(part)) return 'Windows drops dots and spaces at the end of names';
  }
  return null;
}
