#!/usr/bin/env bash
# Builds llama-server and llama-bench of the version that we bind, to measure beside: outside the repository, from the
# source that the npm package of the same version carries. Prints the path of llama-server.
#   eng/peer.sh [FOLDER]     default: $XDG_CACHE_HOME/ollama-platform/peer (or ~/.cache)
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(node -p "require('./eng/native/cpu/package.json').dependencies['@node-llama-cpp/linux-x64']")
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/ollama-platform/peer}/$version
case "$(realpath -m "$folder")" in "$PWD"/*) echo "The folder must lie outside the repository." >&2; exit 2 ;; esac
server=$folder/build/bin/llama-server

if [ ! -x "$server" ]; then
  mkdir -p "$folder"
  (
    cd "$folder"
    [ -d source ] || {
      archive=$(npm pack --silent "node-llama-cpp@$version")
      tar -xzf "$archive" package/llama/gitRelease.bundle
      git clone --quiet package/llama/gitRelease.bundle source
      rm -rf package "$archive"
    }
    cmake -S source -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=ON \
      -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
      -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF
    cmake --build build --target llama-server llama-bench --parallel "$(nproc)"
  ) >&2
fi

echo "$server"
