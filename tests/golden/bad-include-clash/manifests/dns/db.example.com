$TTL 3600
@	IN SOA ns hostmaster ( 42 ; serial
	3600 600 1209600 300 )
	NS ns
ns	A 198.51.100.53
api	NS ns.example.net.
www	A 198.51.100.99
	TXT "kept by hand"
$INCLUDE parts/example.com.inc
