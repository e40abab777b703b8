#!/usr/bin/env bash
# Makes the run inside the program again, to the same weights: LENET_DATA=DIR Experiments/Model/make.sh, with everything committed, so that the manifest names a commit.
# Needed when a run's files get another form.
set -euo pipefail
cd "$(dirname "$0")/../.."
run="$(mktemp -d)/model"
dotnet build -c Release -v q Tests
dotnet Experiments/bin/Release/net10.0/lenet.dll train fast --out "$run"
cp "$run"/{manifest.json,metrics.jsonl,weights.safetensors} Experiments/Model
LENET_ACCEPT=1 dotnet test -c Release --no-build Tests --filter FullyQualifiedName~ShippedModelTests.Its_film
cd Experiments/Model
sha256sum -- *.json *.jsonl *.safetensors *.sh | LC_ALL=C sort -k2 > SHA256SUMS
