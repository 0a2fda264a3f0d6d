#!/bin/bash
# Who may include whom.  One line a folder of gen/: the folders whose public
# header it may use, and the headers of other libraries that it alone has.
set -eu
cd "$(dirname "$0")/../../gen"
bad=0

# The C library and POSIX, for everybody.
libc="arpa/inet.h assert.h ctype.h dirent.h errno.h fcntl.h inttypes.h limits.h
math.h netdb.h netinet/in.h poll.h pwd.h regex.h sanitizer/asan_interface.h
signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h
stdlib.h string.h strings.h sys/file.h sys/ioctl.h sys/mman.h sys/prctl.h
sys/random.h sys/resource.h sys/socket.h sys/stat.h sys/syscall.h sys/time.h
sys/types.h sys/wait.h time.h unistd.h emmintrin.h linux/audit.h
linux/filter.h linux/landlock.h linux/seccomp.h sched.h spawn.h"

complain() {
	echo "includes: gen/$1"
	bad=1
}

check_own() { # FILE FOLDER ALLOWED
	local dir header
	while read -r dir header; do
		[ "$dir" != "$2" ] || continue
		# A folder's own header is open to its subfolders.
		case $dir in "${2%/*}") continue ;; esac
		case " $3 " in
		*" $dir "*) ;;
		*) complain "$1: $2/ must not include $dir/" ;;
		esac
		case $dir/$header in
		base/* | "$dir/${dir##*/}.h") ;;
		# Values that more than one stage reads.
		endpoint/filter.h | endpoint/rules.h) ;;
		config/format.def) ;;
		endpoint/ttl.h | endpoint/txt.h) ;;
		*) complain "$1: $dir/$header is private to $dir/" ;;
		esac
	done < <(sed -nE 's,^# *include "([a-z0-9_/]+)/([^"/]+)".*,\1 \2,p' "$1")
	if grep -nE '^# *include "[^/"]+"' "$1"; then
		complain "$1: expected \"folder/header.h\""
	fi
}

check_foreign() { # FILE FOLDER ALLOWED
	local header
	while read -r header; do
		case " ${libc//$'\n'/ } $3 " in
		*" $header "*) ;;
		*) complain "$1: $2/ must not include <$header>" ;;
		esac
	done < <(sed -nE 's,^# *include <([^>]+)>.*,\1,p' "$1")
}

folders=
check() { # FOLDER ALLOWED-FOLDERS ALLOWED-FOREIGN
	folders="$folders $1"
	for f in "$1"/*.[ch]; do
		check_own "$f" "$1" "$2"
		check_foreign "$f" "$1" "$3"
	done
}

all="base git manifest config template render endpoint source plan registry output"
#     folder    may include                             foreign
check base      ""                                      "err.h pcre2.h"
check git       "base"                                  "git2.h git2/sys/mempack.h git2/sys/odb_backend.h git2/sys/repository.h openssl/evp.h zlib.h"
check manifest  "base"                                  "yaml.h"
check endpoint  "base"                                  "idn2.h libpsl.h unictype.h unistring/version.h"
check config    "base manifest endpoint"                ""
rendered="base git manifest config template"
check render/helm      "$rendered"                      ""
check render/kustomize "$rendered"                      "openssl/evp.h"
subrooms="render/helm render/kustomize"
check render/flux      "$rendered $subrooms"            ""
check render/argocd    "$rendered $subrooms"            ""
check render    "$rendered $subrooms render/flux render/argocd" "openssl/evp.h"
check template  "base manifest config endpoint"         "openssl/evp.h unicase.h unictype.h"
check source    "base manifest config endpoint template" ""
check plan      "base config endpoint"                  ""
check registry  "base config endpoint"                  ""
check output    "base config manifest endpoint plan"    "jansson.h ldns/ldns.h libzscanner/scanner.h libzscanner/version.h openssl/crypto.h openssl/evp.h"
check graph     "base config manifest endpoint plan"    ""
check report    "base config endpoint plan output verify graph" "jansson.h"
check lint      "base config manifest endpoint source plan" ""
check verify    "base config endpoint plan output"      "ldns/ldns.h"
check pipeline  "$all report"                           ""
check adopt     "$all report pipeline"                  "jansson.h"
check cli       "$all report graph lint verify pipeline adopt"           "err.h getopt.h"

for d in */ */*/; do
	case " $folders " in
	*" ${d%/} "*) ;;
	*) complain "$d: no row in tests/lint/includes.sh" ;;
	esac
done
if grep -nE '^# *include' main.c | grep -v '"cli/cli.h"'; then
	complain "main.c: expected only cli/cli.h"
fi
[ $bad = 0 ] || exit 1
echo "ok includes"
