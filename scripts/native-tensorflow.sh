#!/usr/bin/env bash
# Installs native TensorFlow for `pixrnn train` into the npm project in the current directory, for networks that block the
# download of @tensorflow/tfjs-node. The TensorFlow library and its headers come from PyPI's tensorflow-cpu wheel, and the
# N-API binding of the package is compiled against them. package.json is not changed.
#
# Needs Linux, pip, unzip, g++ and the headers of Node.js. TF_HOME is the directory of the library (about 850 MB; default
# ~/.cache/pixrnn-tensorflow), NODE_HEADERS the directory of node_api.h. `npm install` removes the package: run this script
# again after it.
set -euo pipefail
tfjs_version=4.22.0
tensorflow_version='2.21.*'
tf_home=${TF_HOME:-$HOME/.cache/pixrnn-tensorflow}
node_headers=${NODE_HEADERS:-$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node}

for tool in pip unzip g++; do
  command -v "$tool" >/dev/null || { echo "native-tensorflow: $tool is not installed. Install it and run this script again." >&2; exit 1; }
done
if [ ! -e "$node_headers/node_api.h" ]; then
  echo "native-tensorflow: $node_headers/node_api.h does not exist. Set NODE_HEADERS to the include directory of Node.js." >&2
  exit 1
fi

if [ ! -e "$tf_home/tensorflow/libtensorflow_cc.so.2" ]; then
  wheel=$(mktemp -d)
  trap 'rm -rf "$wheel"' EXIT
  pip download --quiet --no-deps --dest "$wheel" "tensorflow-cpu==$tensorflow_version"
  mkdir -p "$tf_home"
  unzip -q -o "$wheel"/tensorflow_cpu-*.whl 'tensorflow/libtensorflow*' 'tensorflow/include/*' -d "$tf_home"
fi

# As a development dependency: npm does not install optional peer dependencies, even if named.
npm install --no-save --save-dev --ignore-scripts --no-audit --no-fund "@tensorflow/tfjs-node@$tfjs_version"
package=node_modules/@tensorflow/tfjs-node
mkdir -p "$package/lib/napi-v8" "$package/deps"
ln -sfn "$tf_home/tensorflow" "$package/deps/lib"
g++ -O2 -std=c++17 -fPIC -shared -DNAPI_VERSION=8 -w \
  -I"$package" -I"$tf_home/tensorflow/include" -I"$node_headers" \
  "$package"/binding/tfjs_backend.cc "$package"/binding/tfjs_binding.cc \
  -L"$tf_home/tensorflow" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 \
  -Wl,-rpath,"$tf_home/tensorflow" -o "$package/lib/napi-v8/tfjs_binding.node"
TF_CPP_MIN_LOG_LEVEL=2 node -e "
  const tf = require('@tensorflow/tfjs-node');
  if (tf.ones([2, 2]).sum().dataSync()[0] !== 4) throw new Error('TensorFlow computes a wrong sum');
  console.log('native TensorFlow is ready: backend', tf.getBackend());"
