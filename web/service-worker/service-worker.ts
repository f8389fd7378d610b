/* Keeps the files of the site, so that it works offline after the first visit. */

declare const self: ServiceWorkerGlobalScope;
/** Set by the build: the version of the site, and its files that the page needs offline. */
declare const VERSION: string;
declare const FILES: readonly string[];

const NAME = `pixrnn-${VERSION}`;

// Files are kept when they are requested, the others once the page is idle: the first picture does not wait for them.
self.addEventListener('install', () => void self.skipWaiting());

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
  if (event.data === 'keep-files') event.waitUntil(keepFiles());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(respond(request));
});

/**
 * Answers that are not complete, by address: workers that start at the same time share a file instead of fetching it twice. The
 * search in the cache is a part of it, since a file that is not found may be kept before the answer arrives.
 */
const running = new Map<string, Promise<Response>>();

async function respond(request: Request): Promise<Response> {
  const { url } = request;
  const shared = running.get(url) ?? findOrFetch(request).finally(() => running.delete(url));
  running.set(url, shared);
  return (await shared).clone();
}

async function findOrFetch(request: Request): Promise<Response> {
  const cache = await caches.open(NAME);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetchAndKeep(request, cache);
}

async function fetchAndKeep(request: Request, cache: Cache): Promise<Response> {
  const response = await fetch(request);
  if (response.ok) await cache.put(request, response.clone()).catch(() => {});
  return response;
}

async function keepFiles(): Promise<void> {
  const cache = await caches.open(NAME);
  for (const path of FILES) {
    if (!(await cache.match(path))) await cache.add(path).catch(() => {}); // offline: on the next visit
  }
}

export {}; // a module, so that its declarations are its own
