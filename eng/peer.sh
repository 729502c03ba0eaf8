#!/usr/bin/env bash
# Builds the llama-server that tests/Benchmarks measures beside, outside the repository: the version of the native
# packages in eng/native, once as its authors build it and once over the very libraries that the product loads.
# Prints the paths of both. Needs cmake, a C++ compiler, git, and npm; about five minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(node -p 'Object.values(require("./eng/native/cpu/package.json").dependencies)[0]')
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ollama-platform/peer-$version
native=$PWD/artifacts/bin/host/release/native/cpu
jobs=$(nproc)

if [ ! -d "$native" ]; then
  echo "Build the product first: dotnet build -c Release" >&2
  exit 1
fi

mkdir -p "$folder"
cd "$folder"
if [ ! -d source ]; then
  npm pack --silent "node-llama-cpp@$version" >/dev/null
  tar xzf "node-llama-cpp-$version.tgz" package/llama/gitRelease.bundle
  git clone --quiet package/llama/gitRelease.bundle unfinished
  rm -rf package "node-llama-cpp-$version.tgz"
  mv unfinished source
fi

if [ ! -x build/bin/llama-server ]; then
  cmake -S source -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=ON \
    -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
    -DLLAMA_BUILD_APP=OFF -DLLAMA_OPENSSL=OFF >&2
  cmake --build build --target llama-server llama-bench -j "$jobs" >&2
fi

# The same objects over the product's libraries: what differs then is the server alone.
mkdir -p same
cp -u "$native"/*.so same/
libraries=(same/libllama.*.so same/libggml.*.so same/libggml-base.so)
c++ -O2 -o same/llama-server build/tools/server/CMakeFiles/llama-server.dir/main.cpp.o -Wl,--start-group \
  build/tools/server/*.a build/tools/ui/*.a build/tools/mtmd/*.a build/common/*.a build/vendor/*/*.a \
  -Wl,--end-group "${libraries[@]}" -Wl,-rpath,"$folder/same" -lgomp -lpthread -ldl >&2

echo "$folder/build/bin/llama-server"
echo "$folder/same/llama-server"
