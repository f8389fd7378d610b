import { defineConfig } from 'vite';

// Vite finds the worker, the wasm files and the weights by itself.
export default defineConfig({
  base: './',
  build: { target: 'es2022', assetsInlineLimit: 0 },
  optimizeDeps: { exclude: ['pixrnn'] }, // for the development server
});
