import { assetsIn, configure } from 'pixrnn/web';

configure({
  worker: new URL('pixrnn/worker.js', import.meta.url),
  assets: assetsIn(new URL('pixrnn/', import.meta.url)),
});
await import('../app.js');
