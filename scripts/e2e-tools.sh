#!/bin/bash
# The tools of `make e2e` that no Debian package brings, once, into build/tools:
# CoreDNS, kustomize, helm, actionlint, the judges that run ExternalDNS and Argo
# CD's plugin server, built by Go, octoDNS, pre-commit and check-jsonschema.
#
# What is there already in this version is left alone and needs no network.
# Where a tool cannot be built its tests are skipped, and in CI that is an error.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2
bin=$PWD/build/tools
mkdir -p "$bin"
missing=0
# ExternalDNS wants a newer Go than most machines have: any Go since 1.21 fetches
# that through the module proxy.
export GOFLAGS='-p=2 -buildvcs=false' GOTOOLCHAIN=auto

lacks() { # TOOL WHY
	echo "e2e-tools: no $1: $2" >&2
	missing=1
}

# built TOOL VERSION: a stamp beside it, so that a new version is built.
built() { [ -e "$bin/$1" ] && [ "$(cat "$bin/.$1" 2>/dev/null)" = "$2" ]; }
# build TOOL VERSION COMMAND...
build() {
	local tool=$1 version=$2
	shift 2
	! built "$tool" "$version" || return 0
	rm -rf "${bin:?}/$tool" "$bin/.$tool"
	echo "e2e-tools: building $tool ${version:0:12}"
	if "$@" >"$bin/$tool.log" 2>&1; then
		echo "$version" >"$bin/.$tool"
	else
		rm -rf "${bin:?}/$tool"
		tail -n 10 "$bin/$tool.log" >&2
		lacks "$tool" "see build/tools/$tool.log"
	fi
}

by_go() { # TOOL VERSION MODULE
	build "$1" "$2" env GOBIN="$bin" go install "$3@$2"
}

pre_commit() { # VERSION
	python3 -m venv "$bin/pre-commit-venv" &&
		"$bin/pre-commit-venv/bin/pip" install -q "pre-commit==$1" &&
		ln -sf pre-commit-venv/bin/pre-commit "$bin/pre-commit"
}

# With the schemas of GitHub's and GitLab's files in it: no network is asked.
check_jsonschema() { # VERSION
	python3 -m venv "$bin/check-jsonschema-venv" &&
		"$bin/check-jsonschema-venv/bin/pip" install -q "check-jsonschema==$1" &&
		ln -sf check-jsonschema-venv/bin/check-jsonschema "$bin/check-jsonschema"
}

# What reads octoDNS' YAML, and the providers of docs/providers-*.md.
octodns() { # VERSION
	local tool venv=$bin/octodns-venv
	python3 -m venv "$venv" &&
		"$venv/bin/pip" install -q "octodns==$1" octodns-bind==1.1.0 \
			octodns-azure==1.2.0 octodns-googlecloud==1.1.0 \
			octodns-route53==1.3.1 &&
		for tool in validate sync; do
			ln -sf "octodns-venv/bin/octodns-$tool" "$bin/octodns-$tool"
		done
	ln -sf octodns-venv/bin/octodns-sync "$bin/octodns"
}

# What looks at the page of --report html; the browser is Debian's.
page_modules() { # PLAYWRIGHT-CORE AXE-CORE
	rm -rf "$bin/page" && mkdir "$bin/page" &&
		npm install --prefix "$bin/page" --no-audit --no-fund \
			--no-package-lock "playwright-core@$1" "axe-core@$2" &&
		printf '#!/bin/sh\n' >"$bin/page-modules" &&
		chmod +x "$bin/page-modules"
}

if command -v go >/dev/null; then
	by_go coredns v1.15.0 github.com/coredns/coredns
	by_go kustomize v5.8.2 sigs.k8s.io/kustomize/kustomize/v5
	by_go helm v3.22.0 helm.sh/helm/v3/cmd/helm
	judge=tests/e2e/external-dns
	build external-dns-judge "$(cat $judge/go.mod $judge/go.sum $judge/*.go |
		sha256sum | cut -d' ' -f1)" \
		env GOFLAGS="$GOFLAGS -mod=readonly" go build -C $judge \
		-o "$bin/external-dns-judge" .
	templates=tests/e2e/gotemplate
	build gotemplate "$(cat $templates/go.mod $templates/*.go |
		sha256sum | cut -d' ' -f1)" \
		env GOFLAGS="$GOFLAGS -mod=readonly" go build -C $templates \
		-o "$bin/gotemplate" .
	sets=tests/e2e/appset
	# Argo CD's own generators, with all that they import: some minutes.
	build appset-judge "$(cat $sets/go.mod $sets/*.go |
		sha256sum | cut -d' ' -f1)" \
		env GOFLAGS="$GOFLAGS -mod=readonly" go build -C $sets \
		-o "$bin/appset-judge" .
	engine=tests/reality/envsubst
	build envsubst-flux "$(cat $engine/go.mod $engine/go.sum $engine/main.go |
		sha256sum | cut -d' ' -f1)" \
		env GOFLAGS="$GOFLAGS -mod=readonly" go build -C $engine \
		-o "$bin/envsubst-flux" .
	by_go actionlint v1.7.7 github.com/rhysd/actionlint/cmd/actionlint
	# Argo CD wants that Go, and takes minutes the first time.
	cmp=tests/e2e/cmp
	build argocd-cmp "$(cat $cmp/go.mod $cmp/go.sum $cmp/main.go |
		sha256sum | cut -d' ' -f1)" \
		env GOTOOLCHAIN=go1.27.0 GOFLAGS="$GOFLAGS -mod=readonly" nice \
		go build -C $cmp -o "$bin/argocd-cmp" .
	schemas=tests/e2e/schemas
	build schema-keys "$(cat $schemas/go.mod $schemas/main.go |
		sha256sum | cut -d' ' -f1)" \
		sh -c "go run -C $schemas . >'$bin/schema-keys'"
else
	lacks 'coredns, kustomize, helm, external-dns-judge, gotemplate, actionlint, argocd-cmp, appset-judge, schema-keys' 'they are built by Go, 1.21 or newer'
fi
# What `make packages` needs, where this may install it.
scripts/deps.sh packages || lacks 'debhelper, lintian, debootstrap, cmake' 'see above'
build octodns 1.22.0 octodns 1.22.0
build pre-commit 4.3.0 pre_commit 4.3.0
build check-jsonschema 0.39.0 check_jsonschema 0.39.0
build page-modules 1.65.1+4.14.1 page_modules 1.65.1 4.14.1
command -v chromium >/dev/null || DEBIAN_FRONTEND=noninteractive \
	apt-get install -qy --no-install-recommends chromium fonts-dejavu-core \
	>"$bin/chromium.log" 2>&1 ||
	lacks chromium 'see build/tools/chromium.log'
command -v terraform >/dev/null ||
	lacks terraform 'install Terraform 1.11 or OpenTofu as terraform'
[ $missing = 0 ] || [ -z "${CI:-}" ]
