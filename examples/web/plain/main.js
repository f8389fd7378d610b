// The package as it is, without a bundler: served from node_modules, here from the root of this repository.
import { compress, decompress } from '../../../dist/web/index.js';

const result = document.createElement('output');
const input = document.createElement('input');
input.type = 'file';
input.ariaLabel = 'Image file';
document.body.append(input, result);

input.addEventListener('change', async () => {
  const file = input.files?.[0];
  if (!file) return;
  try {
    const { bytes } = await compress(file, {
      onProgress: (done, total) => (result.value = `${Math.floor((100 * done) / total)} %`),
    });
    const { bytes: restored } = await decompress(bytes);
    result.value = `${file.size} bytes, ${bytes.length} as .prnn, ${restored.length} restored`;
  } catch (error) {
    result.value = String(error);
  }
});
