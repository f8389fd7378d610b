/* Keeps the files of the site, so that it works offline after the first visit. */

declare const self: ServiceWorkerGlobalScope;
/** Set by the build: the version of the site, its files, and those that are kept once the page is idle. */
declare const VERSION: string;
declare const SHELL: readonly string[];
declare const LATER: readonly string[];

const NAME = `pixrnn-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll([...SHELL]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => /^pixrnn-[0-9a-f]+$/.test(name) && name !== NAME))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'keep-models') event.waitUntil(keepLater());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(respond(request));
});

async function respond(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  const kept = await cache.match(request, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

async function keepLater(): Promise<void> {
  const cache = await caches.open(NAME);
  for (const path of LATER) {
    if (!(await cache.match(path))) await cache.add(path).catch(() => {}); // offline: on the next visit
  }
}

export {}; // a module, so that its declarations are its own
