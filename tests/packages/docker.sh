#!/bin/bash
# The Dockerfile, without a daemon.
. "$(dirname "$0")/../lib.sh"
needs debootstrap
. "$(dirname "$0")/../packages.sh"
: "${work:?}" "${root:?}" "${out:?}" "${version:?}" # of these two
needs_root

# The steps of the Dockerfile, in the two roots that they would have.
docker_steps() {
	mkdir -p "$work/steps"
	python3 "$root/tests/packages/dockerfile.py" Dockerfile "$work/steps" &&
		empty_root "$work/b" && tree "$work/b/src" &&
		said enter "$work/b" sh -c "cd /src && $(cat "$work/steps/0")" &&
		empty_root "$work/f" &&
		said enter "$work/f" sh -c "$(cat "$work/steps/1")" &&
		cp -r "$work/b/out/usr/." "$work/f/usr/" &&
		repository "$work/f/repo" && chown -R 65532 "$work/f/repo" &&
		main_job "$work/f/repo" \
			enter "$work/f" setpriv --reuid 65532 --clear-groups \
			zoneloom -C /repo &&
		enter "$work/f" git --version >/dev/null
}
check 'Dockerfile: its steps in empty roots, the main job, not as root' docker_steps
done_testing
