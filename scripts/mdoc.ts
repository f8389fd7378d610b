/*
 * Roff of the mdoc kind, line by line: https://mandoc.bsd.lv/man/mdoc.7.html. What is text is escaped here, so that nothing in it can be
 * taken for a request.
 */

/** Characters that roff would change, by their names. */
const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '`': '\\(ga',
  "'": '\\(aq',
  '"': '\\(dq',
  '~': '\\(ti',
  '^': '\\(ha',
};

/** Bytes of a line; mandoc advises against more. */
const MAX_LINE = 78;

/** Text within a line; hyphens of options and of commands are those that can be pasted. Words in backticks are bold. */
export function inline(text: string): string {
  return text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? `\\fB${literal(part)}\\fR` : prose(part)))
    .join('');
}

/** Text in which every hyphen is that of the keyboard. */
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

/** Lines of text: a sentence begins a line, none is longer than 80 bytes, and none begins as a request would. */
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

/** A macro and its arguments, each of which is escaped and stays one argument. */
export function macro(name: string, ...args: readonly string[]): string {
  return [`.${name}`, ...args.map(argument)].join(' ');
}

/** An argument of a macro; \& keeps short words and punctuation from being read as macros and delimiters. */
export function argument(text: string): string {
  const escaped = literal(text);
  if (/^[A-Z%][a-z0-9]{1,2}$/.test(text) || /^[.,:;()[\]?!|]$/.test(text)) return `\\&${escaped}`;
  return /\s/.test(text) || text === '' ? `"${escaped}"` : escaped;
}

/** A list of terms and what they mean; the terms are macros already. */
export function tagged(items: readonly (readonly [term: string, body: readonly string[]])[], width = 'Ds'): string[] {
  return [`.Bl -tag -width ${width}`, ...items.flatMap(([term, body]) => [`.It ${term}`, ...body]), '.El'];
}

/** Command lines that stay as they are, indented. */
export function display(commands: readonly string[]): string[] {
  return ['.Bd -literal -offset indent', ...commands.map(literal), '.Ed'];
}
