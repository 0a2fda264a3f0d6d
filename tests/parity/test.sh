#!/bin/bash
# Every case of this folder against the program that was built.
set -u
here=$(dirname "$(realpath "$0")")
exec bash "$here/run.sh" "${ZONELOOM:-$here/../../build/zoneloom}" "$here"
