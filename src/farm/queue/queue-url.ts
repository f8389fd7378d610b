import { readFileSync } from 'node:fs';
import { PixrnnError } from '../../errors.js';

/** Environment variable with the URL of the queue, and the one with a file that contains it. */
const URL_VARIABLE = 'PIXRNN_QUEUE';
const FILE_VARIABLE = 'PIXRNN_QUEUE_FILE';

const PROTOCOLS = ['redis:', 'rediss:', 'postgres:', 'postgresql:'];

/**
 * Returns the URL of the queue: the given one, that of the environment, or the contents of a file.
 * @param given a URL without a password, which every user of the machine could read in the list of processes
 * @throws PixrnnError 'usage'
 */
export function queueUrl(given: string | undefined, env: NodeJS.ProcessEnv = process.env): URL {
  if (given !== undefined) {
    const url = parse(given, '--queue');
    if (url.password === '') return url;
    throw new PixrnnError(
      'usage',
      `--queue must not contain a password. Set ${URL_VARIABLE}, or ${FILE_VARIABLE} to the name of a file.`,
    );
  }
  const [text, file] = [env[URL_VARIABLE], env[FILE_VARIABLE]];
  if (text) return parse(text, URL_VARIABLE);
  if (file) return parse(contentsOf(file), FILE_VARIABLE);
  throw new PixrnnError('usage', `no queue given. Name it with --queue, or set ${URL_VARIABLE} or ${FILE_VARIABLE}.`);
}

/** Returns a URL as messages show it, without user and password. */
export function displayUrl({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

/** Removes passwords from URLs in a text. */
export function withoutPasswords(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi, '$1');
}

/** @throws PixrnnError 'usage'; its message never shows the text, which may contain a password */
function parse(text: string, from: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (url && PROTOCOLS.includes(url.protocol) && url.host !== '') return url;
  const forms = 'redis://host:6379/0, rediss://host:6379/0 (TLS) or postgres://host/database';
  throw new PixrnnError('usage', `${from} is not the URL of a queue. Use ${forms}.`);
}

function contentsOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PixrnnError('usage', `the file of ${FILE_VARIABLE} cannot be read. Check its name and permissions.`, {
      cause,
    });
  }
}
