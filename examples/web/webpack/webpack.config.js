// webpack 5 finds the worker, the wasm files and the weights by itself.
export default {
  mode: 'production',
  entry: '../app.js',
  output: { filename: 'app.js', publicPath: 'auto' },
  performance: { hints: false }, // weights are loaded when they are needed
};
