import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { needsProgram } from '../needs.js';
import { type RunningBrowser, type TestBrowser, type TestPage, versionIn } from './browsers.js';

/*
 * WebKitGTK, the engine of Safari on Linux, through the WebDriver protocol of Debian's webkit2gtk-driver. It has no
 * headless mode: it runs on the display of Xvfb.
 */

const DRIVER = 'WebKitWebDriver';
const XVFB = 'Xvfb';
/** Milliseconds for one expression. */
const SCRIPT_TIMEOUT = 900_000;

/** Commands of a session, https://www.w3.org/TR/webdriver2. */
class Session {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly url: string) {}

  static async start(driver: string): Promise<Session> {
    const capabilities = { alwaysMatch: { timeouts: { script: SCRIPT_TIMEOUT, pageLoad: 60_000 } } };
    const { sessionId } = (await send('POST', `${driver}/session`, { capabilities })) as { sessionId: string };
    return new Session(`${driver}/session/${sessionId}`);
  }

  post(command: string, body: object): Promise<unknown> {
    return send('POST', `${this.url}/${command}`, body);
  }

  get(command: string): Promise<unknown> {
    return send('GET', `${this.url}/${command}`);
  }

  /** Runs commands in a window, after those of other windows: a session has one current window. */
  async inWindow<T>(handle: string, commands: () => Promise<T>): Promise<T> {
    const run = this.last.then(async () => {
      await this.post('window', { handle });
      return commands();
    });
    this.last = run.catch(() => {});
    return run;
  }

  end(): Promise<unknown> {
    return send('DELETE', this.url);
  }
}

async function send(method: string, url: string, body?: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

const STATE = 'return document.readyState';

/** Keeps what the page writes to the console after it has loaded, and its uncaught errors. */
const LISTEN = `globalThis.messages = [];
for (const name of ['error', 'warn', 'log', 'info']) console[name] = (...words) => messages.push(words.join(' '));
addEventListener('error', ({ message }) => messages.push(message));
addEventListener('unhandledrejection', ({ reason }) => messages.push(String(reason)));`;

/** Returns the body of a function of WebDriver that runs an expression, or statements in braces, as the page's policy permits. */
function scriptOf(expression: string): string {
  const body = /^\s*\{/.test(expression) ? expression : `return (${expression});`;
  return `const done = arguments[arguments.length - 1];
    (async () => { ${body} })().then(
      (value) => done({ value: value ?? null, messages: globalThis.messages?.splice(0) ?? [] }),
      (error) => done({ error: String(error), messages: [] }),
    );`;
}

interface Answer {
  readonly value: unknown;
  readonly error?: string;
  readonly messages: readonly string[];
}

async function openPage(session: Session): Promise<TestPage> {
  const { handle } = (await session.post('window/new', { type: 'window' })) as { handle: string };
  const messages: string[] = [];
  return {
    messages,
    goto: (url) =>
      session.inWindow(handle, async () => {
        await session.post('url', { url });
        // The driver returns before modules have run.
        const state = (): Promise<unknown> => session.post('execute/sync', { script: STATE, args: [] });
        while ((await state()) !== 'complete') await setTimeout(50);
        await session.post('execute/sync', { script: LISTEN, args: [] });
      }),
    evaluate: <T>(expression: string) =>
      session.inWindow(handle, async () => {
        const answer = (await session.post('execute/async', { script: scriptOf(expression), args: [] })) as Answer;
        messages.push(...answer.messages);
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.value as T;
      }),
    screenshot: () =>
      session.inWindow(handle, async () => Buffer.from((await session.get('screenshot')) as string, 'base64')),
  };
}

async function startWebKit(): Promise<RunningBrowser> {
  const screen = spawn(XVFB, ['-displayfd', '1', '-screen', '0', '1280x800x24'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [display] = (await once(screen.stdout, 'data')) as [Buffer];
  const port = await freePort();
  const env = { ...process.env, DISPLAY: `:${display.toString().trim()}` };
  const driver = spawn(DRIVER, [`--port=${port}`], { env, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await answers(`${url}/status`);
  const session = await Session.start(url);
  return {
    open: () => openPage(session),
    memoryBytes: () => {
      throw new Error('the memory of WebKit is not measured');
    },
    close: async () => {
      await session.end();
      await stop(driver);
      await stop(screen);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await setTimeout(100);
  }
  throw new Error(`${DRIVER} does not answer`);
}

async function stop(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || !program.kill()) return;
  await once(program, 'exit');
}

export const WEBKIT: TestBrowser = {
  name: 'WebKit',
  skip: needsProgram(DRIVER, '--version') || needsProgram(XVFB, '-version'),
  version: () => versionIn(DRIVER),
  start: startWebKit,
};
