// The package as it is, without a bundler: served from node_modules, here from the root of this repository.
import { compress, decompress } from '../../../dist/web/index.js';

const result = document.getElementById('result');

document.getElementById('file').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  try {
    const { bytes } = await compress(file, {
      onProgress: (done, total) => (result.textContent = `${Math.floor((100 * done) / total)} %`),
    });
    const { bytes: restored } = await decompress(bytes);
    result.textContent = `${file.size} bytes, ${bytes.length} as .prnn, ${restored.length} restored`;
  } catch (error) {
    result.textContent = error.message;
  }
});
