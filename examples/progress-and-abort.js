// @ts-check
// Shows progress, and aborts after a timeout in seconds or on Ctrl-C:
//   node examples/progress-and-abort.js photo.png 60
import { compress } from 'pixrnn';

const [source = 'photo.png', seconds = '60'] = process.argv.slice(2);

// One controller for both: Node.js can lose a timeout within AbortSignal.any to garbage collection (nodejs/node#57736).
const controller = new AbortController();
const { signal } = controller;
process.once('SIGINT', () => controller.abort(new Error('interrupted')));
setTimeout(() => controller.abort(new Error('timeout')), 1000 * Number(seconds)).unref();

let shown = 0;
try {
  const { bytes } = await compress(source, {
    signal,
    effort: 1,
    onProgress: (done, total) => {
      const tenth = Math.floor((10 * done) / total);
      if (tenth > shown) console.log(`${10 * (shown = tenth)} %`);
    },
  });
  console.log(`done: ${bytes.length} bytes`);
} catch (error) {
  if (!signal.aborted) throw error;
  // The call has rejected with the signal's reason, and its threads are free for other calls.
  console.log(`aborted: ${signal.reason.message}`);
}
