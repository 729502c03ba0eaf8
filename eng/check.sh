#!/usr/bin/env bash
# Everything that CI checks, in its order: strict build, format, tests. Run it before every push.
set -euo pipefail
cd "$(dirname "$0")/.."

# Fewer tests than this means that a project was not discovered; raise it as tests are added.
minimum_tests=${MINIMUM_TESTS:-4800}

echo "== build"
dotnet build -c Release --nologo -v quiet
echo "== format"
dotnet format Ollama.Platform.sln --verify-no-changes --no-restore
echo "== test"
dotnet test -c Release --no-build --max-parallel-test-modules 1 --minimum-expected-tests "$minimum_tests" "$@"
