#!/bin/bash
# Tools for the end-to-end tests that no Debian package brings: kustomize and
# helm, built by Go into build/tools.  Without Go their tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/deps.sh
command -v go >/dev/null || { echo 'tools: no go, no kustomize and helm'; exit 0; }
bin=$PWD/build/tools
mkdir -p "$bin"
[ -x "$bin/kustomize" ] ||
	GOBIN=$bin GOFLAGS=-p=2 go install sigs.k8s.io/kustomize/kustomize/v5@v5.8.2
[ -x "$bin/helm" ] ||
	GOBIN=$bin GOFLAGS=-p=2 go install helm.sh/helm/v3/cmd/helm@v3.22.0
