#!/usr/bin/env bash
# Renews host/startup.mibc, the profile of what a published program still had to compile when it started and answered
# the first requests of every dialect: a publication compiles that ahead of time, too. Names that no longer exist do no
# harm, so this is worth running before a release, not with every change. About two minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build eng/StartupProfile -c Release -v quiet -nologo
# Without the profile, which would hide what it has. What a publication has compiled before is not compiled again.
rm -rf artifacts/obj/host/release_linux-x64/R2R
dotnet publish host -c Release -r linux-x64 --self-contained -p:StartupProfile=false -o "$folder/program" -v quiet
rm -rf artifacts/obj/host/release_linux-x64/R2R
program=$folder/program/Ollama.Platform.Host

# Becomes the program, which lists what it compiles: list NAME ARGUMENT...
list() {
  export DOTNET_JitDisasmSummary=1 DOTNET_JitStdOutFile="$folder/$1.txt"
  shift
  exec "$program" "$@"
}

export OLLAMA_MODELS=$folder/models OLLAMA_GRPC_HOST=127.0.0.1:0
# Starts a server on a port that is free, and waits until it listens: serve NAME
serve() {
  OLLAMA_HOST=127.0.0.1:0 list "$1" serve >"$folder/$1.log" 2>&1 &
  server=$!
  until grep -q 'gRPC listens on' "$folder/$1.log"; do
    kill -0 "$server" || { cat "$folder/$1.log" >&2; exit 1; }
    sleep 0.1
  done
  http=$(grep -oE 'listens on http://[0-9.:]*[0-9]' "$folder/$1.log" | head -n 1 | cut -d/ -f3)
  grpc=$(grep -oE 'gRPC listens on http://[0-9.:]*[0-9]' "$folder/$1.log" | cut -d/ -f3)
}

stop() {
  kill "$server"
  wait "$server" || true
  server=
}

# Whatever is answered: errors are answers, too.
get() { curl -sS -m 60 -o /dev/null "http://$http$1"; }
post() { curl -sS -m 60 -o /dev/null "http://$http$1" -d "$2"; }
# A message of protobuf, as printf writes it, with its length in front.
call() {
  printf "$2" >"$folder/message"
  { printf "\\0\\0\\0\\0\\x$(printf %x "$(stat -c %s "$folder/message")")"; cat "$folder/message"; } |
    curl -sS -m 60 -o /dev/null --http2-prior-knowledge -H 'content-type: application/grpc' -H 'te: trailers' \
      --data-binary @- "http://$grpc/$1"
}

chat='"model":"tiny-chat","messages":[{"role":"user","content":"What is the capital of France?"}]'
tool='{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}'
short='"options":{"num_predict":8}'

serve first
get /
get /ready
get /api/version
get /api/tags
get /v1/models
post /api/chat "{$chat,$short}"
post /api/chat "{$chat,\"stream\":false,$short}"
post /api/chat "{$chat,\"tools\":[$tool],$short}"
post /api/chat "{$chat,\"format\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}},$short}"
post /api/chat "{$chat,\"think\":true,$short}"
post /api/chat '{"model":"nowhere","messages":[]}'
post /api/chat '{'
post /api/generate "{\"model\":\"tiny-chat\",\"prompt\":\"Hi\",$short}"
post /api/generate "{\"model\":\"tiny-chat\",\"prompt\":\"Hi\",\"raw\":true,\"stream\":false,$short}"
post /api/embed '{"model":"tiny-embed","input":["a","b"]}'
post /api/embeddings '{"model":"tiny-embed","prompt":"a"}'
post /api/show '{"model":"tiny-chat"}'
post /api/tokenize '{"model":"tiny-chat","text":"a"}'
get /api/ps
post /v1/chat/completions "{$chat,\"max_tokens\":8}"
post /v1/chat/completions "{$chat,\"max_tokens\":8,\"stream\":true,\"stream_options\":{\"include_usage\":true}}"
post /v1/chat/completions "{$chat,\"max_tokens\":8,\"tools\":[$tool],\"logprobs\":true}"
post /v1/chat/completions '{"model":"nowhere","messages":[{"role":"user","content":"a"}]}'
post /v1/completions '{"model":"tiny-chat","prompt":"Hi","max_tokens":8}'
post /v1/embeddings '{"model":"tiny-embed","input":"a"}'
post /v1/embeddings '{"model":"tiny-embed","input":"a","encoding_format":"base64"}'
post /v1/responses '{"model":"tiny-chat","input":"Hi","max_output_tokens":8}'
post /v1/responses '{"model":"tiny-chat","input":"Hi","max_output_tokens":8,"stream":true}'
post /v1/messages "{$chat,\"max_tokens\":8}"
post /v1/messages "{$chat,\"max_tokens\":8,\"stream\":true}"
post /v1/messages/count_tokens "{$chat}"
call grpc.health.v1.Health/Check ''
call ollama.v1.ModelService/ListModels ''
call ollama.v1.InferenceService/Generate '\x0a\x09tiny-chat\x12\x02Hi'
call ollama.v1.InferenceService/GenerateStream '\x0a\x09tiny-chat\x12\x02Hi'
call ollama.v1.EmbeddingService/Embed '\x0a\x0atiny-embed\x12\x02Hi'
(OLLAMA_HOST=$http list list list >/dev/null)
(OLLAMA_HOST=$http list show show tiny-chat >/dev/null)
(OLLAMA_HOST=$http list run run tiny-chat "What is the capital of France?" >/dev/null)
stop

# Models that are loaded at the start, a store that is known already, and runners as processes.
OLLAMA_PRELOAD=tiny-chat,tiny-embed serve preloaded
until curl -fsS -m 60 -o /dev/null "http://$http/ready" 2>/dev/null; do sleep 0.1; done
get /api/tags
post /api/chat "{$chat,$short}"
stop
serve again
post /api/chat "{$chat,$short}"
stop
OLLAMA_RUNNER=process serve processes
post /api/chat "{$chat,$short}"
stop

dotnet artifacts/bin/StartupProfile/release/Ollama.Platform.StartupProfile.dll "$folder/program" host/startup.mibc \
  "$folder"/*.txt
