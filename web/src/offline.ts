/** Registers the service worker, which keeps the page and, once the page is idle, the default models. */
export function startOffline(): void {
  if (!('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    void navigator.serviceWorker.register('service-worker.js').then(async () => {
      const { active } = await navigator.serviceWorker.ready;
      setTimeout(() => active?.postMessage('keep-models'), IDLE);
    });
  });
}

/** Milliseconds after which a page without a picture loads what it needs offline. */
const IDLE = 5000;
