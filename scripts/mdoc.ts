/*
 * Writes mdoc (https://mandoc.bsd.lv/man/mdoc.7.html) line by line. Text is escaped, so that it cannot be interpreted as a request.
 */

/** Roff names of the characters that roff would replace. */
const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '`': '\\(ga',
  "'": '\\(aq',
  '"': '\\(dq',
  '~': '\\(ti',
  '^': '\\(ha',
};

/** Maximum line length in bytes; mandoc warns about longer lines. */
const MAX_LINE = 78;

/** Formats text within a line: words in backticks become bold, hyphens of options and commands can be copied and pasted. */
export function inline(text: string): string {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? `\\fB${literal(part)}\\fR` : prose(part)))
    .join('');
}

/** Escapes text and makes every hyphen an ASCII hyphen-minus. */
export function literal(text: string): string {
  return escape(text).replaceAll('-', '\\-');
}

function prose(text: string): string {
  return escape(text).replace(/(?<![\w-])-{1,2}(?=[\w>])[\w-]*|-(?=>)/g, (option) => option.replaceAll('-', '\\-'));
}

function escape(text: string): string {
  return text.replace(/[\\`'"~^]/g, (character) => NAMED[character] ?? character).replace(/[^\x20-\x7e]/g, unicode);
}

function unicode(character: string): string {
  return `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** Breaks text into lines of less than 80 bytes; each sentence begins a line, and no line begins like a request. */
export function lines(text: string): string[] {
  const sentences = text.split(/(?<=[.?!]) (?=[A-Z-])/);
  return sentences.flatMap((sentence) => filled(inline(sentence))).map((line) => line.replace(/^(?=[.'])/, '\\&'));
}

function filled(text: string): string[] {
  const broken: string[] = [];
  for (const word of text.split(' ')) {
    const line = broken.at(-1);
    if (line !== undefined && line.length + 1 + word.length < MAX_LINE) broken[broken.length - 1] = `${line} ${word}`;
    else broken.push(word);
  }
  return broken;
}

/** Formats a macro and its arguments; each argument is escaped and quoted as needed. */
export function macro(name: string, ...args: readonly string[]): string {
  return [`.${name}`, ...args.map(argument)].join(' ');
}

/** Formats an argument of a macro; \& keeps short words and punctuation from being read as macros and delimiters. */
export function argument(text: string): string {
  const escaped = literal(text);
  if (/^[A-Z%][a-z0-9]{1,2}$/.test(text) || /^[.,:;()[\]?!|]$/.test(text)) return `\\&${escaped}`;
  return /\s/.test(text) || text === '' ? `"${escaped}"` : escaped;
}

/** Formats a list of terms and descriptions; terms are macro calls. */
export function tagged(items: readonly (readonly [term: string, body: readonly string[]])[], width = 'Ds'): string[] {
  return [`.Bl -tag -width ${width}`, ...items.flatMap(([term, body]) => [`.It ${term}`, ...body]), '.El'];
}

/** Formats literal, indented command lines. */
export function display(commands: readonly string[]): string[] {
  return ['.Bd -literal -offset indent', ...commands.map(literal), '.Ed'];
}
