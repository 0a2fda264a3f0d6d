; Kept by hand.  named runs in dns/parts.
@	3600 IN SOA ns hostmaster ( 42 ; serial
	3600 600 1209600 300 )
	3600 NS ns
ns	3600 A 198.51.100.53
$INCLUDE example.com.inc
mail	A 198.51.100.25
