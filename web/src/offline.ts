/** Milliseconds without work after which the page loads what it needs offline: not while the first picture loads its files. */
const IDLE = 10_000;
const INTERVAL = 1000;

/**
 * Registers the service worker, which keeps the page and, once the page is idle, the default models.
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
        active?.postMessage('keep-models');
      }, INTERVAL);
    });
  });
}
