import * as pixrnn from '../../dist/web/index.js';

/* The page of library.full.ts: the library as it is, without a bundler. */

Object.assign(globalThis, {
  pixrnn,
  /** @param {Promise<{ bytes: Uint8Array<ArrayBuffer> }>} call */
  digestOf: async (call) => {
    const { bytes } = await call;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
});
