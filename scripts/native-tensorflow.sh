#!/usr/bin/env bash
# Gives the npm project in the current folder a native TensorFlow for `pixrnn train` where the download that @tensorflow/tfjs-node makes at its
# installation is out of reach. The TensorFlow library and its headers come out of PyPI's tensorflow-cpu wheel; the
# package's own N-API binding is compiled against them. Nothing is written to package.json.
#
# Needs Linux, pip, unzip, g++ and Node's headers. TF_HOME keeps the library (about 850 MB; default
# ~/.cache/pixrnn-tensorflow); NODE_HEADERS is where node_api.h lies. `npm install` removes the package again: run this
# script after it.
set -euo pipefail
tfjs_version=4.22.0
tensorflow_version='2.21.*'
tf_home=${TF_HOME:-$HOME/.cache/pixrnn-tensorflow}
node_headers=${NODE_HEADERS:-$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node}

for tool in pip unzip g++; do
  command -v "$tool" >/dev/null || { echo "native-tensorflow: $tool is missing. Install it and run this again." >&2; exit 1; }
done
if [ ! -e "$node_headers/node_api.h" ]; then
  echo "native-tensorflow: no node_api.h in $node_headers. Set NODE_HEADERS to Node's include folder." >&2
  exit 1
fi

if [ ! -e "$tf_home/tensorflow/libtensorflow_cc.so.2" ]; then
  wheel=$(mktemp -d)
  trap 'rm -rf "$wheel"' EXIT
  pip download --quiet --no-deps --dest "$wheel" "tensorflow-cpu==$tensorflow_version"
  mkdir -p "$tf_home"
  unzip -q -o "$wheel"/tensorflow_cpu-*.whl 'tensorflow/libtensorflow*' 'tensorflow/include/*' -d "$tf_home"
fi

# As a development dependency: npm leaves optional peers out, even those that it is asked for.
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
  if (tf.ones([2, 2]).sum().dataSync()[0] !== 4) throw new Error('TensorFlow does not add');
  console.log('native TensorFlow is ready: backend', tf.getBackend());"
