#!/bin/bash
# quick.sh PROGRAM: `make bench` in small.  It shows the ratios and fails where
# the program does, or prints another number of records; time is never judged.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=$1
. tests/suite.sh
export V=1
suite bench-list python3 tests/bench/bench.py --quick "$program"
suite bench-kustomizations python3 tests/bench/kustomizations.py --quick "$program"
verdict
