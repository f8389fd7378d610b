import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';

const NAMES = [process.env['PIXRNN_CHROMIUM'], 'chromium', 'chromium-browser', 'google-chrome'];

/** Path of this machine's browser, or null. */
export const CHROMIUM =
  NAMES.find((name) => name !== undefined && spawnSync(name, ['--version'], { timeout: 30_000 }).status === 0) ?? null;

type Message = Record<string, unknown>;

/** Controls the browser over --remote-debugging-pipe: JSON messages, each terminated by a zero byte. */
export class Browser {
  private readonly replies = new Map<number, (message: Message) => void>();
  private lastId = 0;
  private rest = '';
  private session: string | undefined;
  /** Console messages, errors, and requests other than for the file itself, of which there must be none. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    (child.stdio[4] as Duplex).on('data', (part: Buffer) => this.receive(part.toString()));
    child.on('exit', () => {
      for (const reply of this.replies.values()) reply({ error: { message: 'the browser ended' } });
    });
  }

  /** Starts the browser without a network and opens a file. */
  static async open(path: string, { dark = false, width = 1280, height = 900 } = {}): Promise<Browser> {
    if (CHROMIUM === null) throw new Error('chromium is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'pixrnn-chromium-'));
    const flags = [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      ...['--disable-background-networking', '--host-resolver-rules=MAP * ~NOTFOUND', '--remote-debugging-pipe'],
      ...[`--user-data-dir=${folder}`, 'about:blank'],
    ];
    // In a separate process group: all of the browser's processes must end.
    const child = spawn(CHROMIUM, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    const browser = new Browser(child, folder);
    const { targetInfos } = (await browser.send('Target.getTargets')) as {
      targetInfos: { targetId: string; type: string }[];
    };
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    browser.session = sessionId as string;
    for (const domain of ['Runtime', 'Log', 'Page', 'Network']) await browser.send(`${domain}.enable`);
    await browser.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: false });
    const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
    await browser.send('Emulation.setEmulatedMedia', { features });
    const { errorText } = await browser.send('Page.navigate', { url: pathToFileURL(path).href });
    if (errorText !== undefined) throw new Error(`the page failed to open: ${JSON.stringify(errorText)}`);
    await browser.evaluate(
      'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))',
    );
    await browser.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
    return browser;
  }

  /** Returns the value of an expression, awaited if it is a promise. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', options)) as {
      result: { value?: unknown };
      exceptionDetails?: { text: string; exception?: { description?: string } };
    };
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Sends a command of the DevTools protocol to the page. */
  async send(method: string, params: Message = {}): Promise<Message> {
    const id = ++this.lastId;
    const reply = await new Promise<Message>((resolve) => {
      this.replies.set(id, resolve);
      const message = { id, method, params, ...(this.session !== undefined && { sessionId: this.session }) };
      (this.child.stdio[3] as Duplex).write(`${JSON.stringify(message)}\0`);
    });
    if (reply['error']) throw new Error(`${method}: ${(reply['error'] as { message: string }).message}`);
    return reply['result'] as Message;
  }

  /** Presses and releases a key as a user does. */
  async press(key: string): Promise<void> {
    const text = key.length === 1 ? key : key === 'Enter' ? '\r' : undefined;
    const code = key === 'Enter' ? { windowsVirtualKeyCode: 13 } : {};
    for (const type of ['keyDown', 'keyUp']) {
      await this.send('Input.dispatchKeyEvent', { type, key, ...code, ...(type === 'keyDown' && text && { text }) });
    }
  }

  /** Returns a PNG of the whole page. */
  async screenshot(wholePage = true): Promise<Buffer> {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: wholePage });
    return Buffer.from(data as string, 'base64');
  }

  async close(): Promise<void> {
    // A running process would still write into the folder that is to be removed.
    while (this.signalAll('SIGKILL')) await setTimeout(20);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Returns whether a process was left to receive the signal. */
  private signalAll(signal: NodeJS.Signals): boolean {
    try {
      return process.kill(-(this.child.pid as number), signal);
    } catch {
      return false;
    }
  }

  private receive(text: string): void {
    const messages = (this.rest + text).split('\0');
    this.rest = messages.pop() ?? '';
    for (const message of messages) this.handle(JSON.parse(message) as Message);
  }

  private handle(message: Message): void {
    const reply = this.replies.get(message['id'] as number);
    if (reply) {
      this.replies.delete(message['id'] as number);
      reply(message);
      return;
    }
    const params = message['params'] as Message;
    const complain = (): void => void this.complaints.push(`${String(message['method'])} ${JSON.stringify(params)}`);
    switch (message['method']) {
      case 'Runtime.consoleAPICalled':
      case 'Runtime.exceptionThrown':
      case 'Log.entryAdded':
        complain();
        break;
      case 'Network.requestWillBeSent': {
        const { url } = params['request'] as { url: string };
        if (!url.startsWith('data:') && params['type'] !== 'Document') complain();
        break;
      }
    }
  }
}
