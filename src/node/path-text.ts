/*
 * Paths as text. Inside the program, in JSON, manifests, queues and reports, `/` separates the parts of a path on every system; Windows accepts
 * it everywhere. Messages show a path as the user's shell takes it back.
 */

/** Returns a path with `/` between its parts. */
export function slashed(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? path.replaceAll('\\', '/') : path;
}

/** Letters, digits and punctuation that no shell interprets; zsh does an equals sign at the start. */
const PLAIN = /^(?!=)[\p{L}\p{N}\p{M}_@%+=:,./-]+$/u;
/** cmd separates arguments at `,` and `=`, PowerShell reads `@` and `,`. */
const WINDOWS_PLAIN = /^(?!~)[\p{L}\p{N}\p{M}_+:.\\/~-]+$/u;
/** `s3://`, whose slashes are no separators of Windows. */
const URL_START = /^[a-z][a-z0-9+.-]+:\/\//i;
/** Control characters, line breaks, bidirectional overrides, and the bytes of names that are not UTF-8 (`path-bytes.ts`). */
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Returns a path as one word of the user's shell: quoted where needed, on Windows with its separators. A word in double quotes is for cmd and
 * PowerShell, unless it contains `%`, `$` or a backtick. Control characters are written as escapes of bash, zsh and ksh.
 */
export function shellWord(path: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') {
    const native = (URL_START.test(path) ? path : path.replaceAll('/', '\\')).replace(CONTROL, escape);
    return WINDOWS_PLAIN.test(native) ? native : `"${native}"`;
  }
  if (PLAIN.test(path)) return path;
  if (path.search(CONTROL) < 0) return `'${path.replaceAll("'", `'\\''`)}'`;
  return `$'${path.replace(/[\\']/g, '\\$&').replace(CONTROL, escape)}'`;
}

/** Escapes control characters, so that the text is one line on a terminal. */
export function escapeControls(text: string): string {
  return text.replace(CONTROL, escape);
}

function escape(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  const number = character.charCodeAt(0);
  if (number >= 0xdc80 && number <= 0xdcff) return `\\x${(number & 0xff).toString(16)}`; // a byte
  const code = number.toString(16);
  return number < 0x80 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
