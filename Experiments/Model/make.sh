#!/usr/bin/env bash
# Makes the run inside the program again, to the same weights: LENET_DATA=DIR Experiments/Model/make.sh, with everything committed, so that the manifest names a commit.
# Needed when a run's files get another form.
set -euo pipefail
LENET_DATA="$(cd "${LENET_DATA:?names the folder that holds mnist/}" && pwd)"
export LENET_DATA
cd "$(dirname "$0")/../.."
root="$PWD" work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
dotnet build -c Release -v q Experiments
(cd "$work" && dotnet "$root/Experiments/bin/Release/net10.0/lenet.dll" train fast --out model)
cp "$work"/model/{manifest.json,metrics.jsonl,weights.safetensors} Experiments/Model
# Built again: the test asks the run inside the program, and the one before may be in a form that it cannot read.
LENET_ACCEPT=1 dotnet test -c Release Tests --filter FullyQualifiedName~ShippedModelTests.Its_film
cd Experiments/Model
sha256sum -- *.json *.jsonl *.safetensors *.sh | LC_ALL=C sort -k2 > SHA256SUMS
