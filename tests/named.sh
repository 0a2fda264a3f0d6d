# Sourced after tests/lib.sh: real name servers on loopback.
# shellcheck shell=bash
PATH=$PATH:/usr/sbin:/sbin
named_pids=()

# Whatever ends the script ends its servers, by their ids.
named_stop() {
	local pid
	for pid in "${named_pids[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	named_pids=()
}
named_leave() {
	local status=$?
	named_stop
	(exit $status)
	leave
}
trap named_leave EXIT

# A port that nobody has on any of these addresses: named_port ADDRESS...
named_port() {
	python3 - "$@" <<-'PORT'
	import random, socket, sys
	for port in random.sample(range(20000, 40000), 200):
	    held = []
	    try:
	        for address in sys.argv[1:]:
	            family = socket.AF_INET6 if ":" in address else socket.AF_INET
	            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
	                s = socket.socket(family, kind)
	                held.append(s)
	                s.bind((address, port))
	        print(port)
	        break
	    except OSError:
	        continue
	    finally:
	        for s in held:
	            s.close()
	PORT
}

# named_start FOLDER ADDRESS PORT ZONE [OPTION...]: run a named on FOLDER's
# zones.conf, an include of zone statements, and wait until ZONE is served there.
named_start() {
	local dir=$1 address=$2 port=$3 zone=$4 v4="{ none; }" v6="{ none; }"
	shift 4
	case $address in
	*:*) v6="{ $address; }" ;;
	*) v4="{ $address; }" ;;
	esac
	cat >"$dir/named.conf" <<-CONF
	options {
		directory "$dir"; pid-file none; session-keyfile none;
		lock-file none; managed-keys-directory "$dir";
		listen-on port $port $v4; listen-on-v6 port $port $v6;
		recursion no; dnssec-validation no; notify no;
		empty-zones-enable no;
		allow-transfer { 127.0.0.0/8; ::1; };
		$*
	};
	controls { };
	include "$dir/zones.conf";
	CONF
	named -n 1 -U 1 -g -c "$dir/named.conf" >"$dir/named.log" 2>&1 &
	named_pids+=($!)
	for _ in $(seq 100); do
		kill -0 "${named_pids[-1]}" 2>/dev/null || break
		# Over TCP: UDP answers before transfers are taken.
		if dig +tcp +time=1 +tries=1 +norec -p "$port" "@$address" \
			"$zone" SOA 2>/dev/null | grep -q 'status:'; then
			return 0
		fi
		sleep 0.1
	done
	tail -n 5 "$dir/named.log"
	return 1
}
