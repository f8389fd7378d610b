/** Milliseconds without work after which the page loads what it needs offline: not while the first picture loads its files. */
const IDLE = 20_000;
const INTERVAL = 1000;
/** Milliseconds that the first file of the first visit waits for the service worker at most. */
const PATIENCE = 5000;

/**
 * Resolves when the service worker serves the files of this page, so that it keeps what the first picture needs: where the
 * browser has no other cache, they are fetched twice otherwise. Resolves without it, too, after some seconds.
 */
export function whenKept(): Promise<void> {
  if (!('serviceWorker' in navigator) || navigator.serviceWorker.controller) return Promise.resolve();
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true });
    setTimeout(resolve, PATIENCE);
  });
}

/**
 * Registers the service worker, which keeps the files of the page and, once it is idle, all that it needs offline.
 * @param isBusy whether the page is working
 */
export function startOffline(isBusy: () => boolean): void {
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    void navigator.serviceWorker.register('service-worker.js').then(async () => {
      const { active } = await navigator.serviceWorker.ready;
      let idle = 0;
      const timer = setInterval(() => {
        idle = isBusy() ? 0 : idle + INTERVAL;
        if (idle < IDLE) return;
        clearInterval(timer);
        active?.postMessage('keep-files');
      }, INTERVAL);
    });
  });
}
