// dnscontrol.mjs FILE...: run the JavaScript of format dnscontrol with functions
// that collect what they are given, and print one line of JSON a record: name,
// type, ttl, arguments, modifiers.  Anything else in a file is an error.
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

const types = ['A', 'AAAA', 'CAA', 'CNAME', 'DHCID', 'DNAME', 'HTTPS', 'MX',
	'NAPTR', 'NS', 'OPENPGPKEY', 'PTR', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT'];

function world(out, folder) {
	const words = {
		NewRegistrar: name => name,
		NewDnsProvider: name => name,
		require: file => {
			const name = path.join(folder, file);
			vm.runInContext(fs.readFileSync(name, 'utf8'), words,
				{filename: name});
		},
		END: {}, CAA_CRITICAL: {critical: true}, CF_PROXY_ON: {proxied: true},
		TTL: ttl => ({ttl}),
		DnsProvider: provider => ({provider}),
		NAMESERVER: server => ({server}),
		NAMESERVER_TTL: serverTtl => ({serverTtl}),
	};
	for (const type of types)
		words[type] = (name, ...rest) => {
			const record = {name, type, args: []};
			for (const a of rest)
				if (typeof a === 'object') Object.assign(record, a);
				else record.args.push(a);
			return {record};
		};
	words.D = (domain, registrar, ...rest) => {
		const ttl = rest.find(r => r.serverTtl)?.serverTtl;
		for (const r of rest) {
			if (r.server)
				out({domain, name: '@', type: 'NS', args: [r.server], ttl});
			if (r.record) out({domain, ...r.record});
		}
	};
	// A word that is not there throws.
	return vm.createContext(words, {codeGeneration: {strings: false}});
}

for (const file of process.argv.slice(2))
	vm.runInContext(fs.readFileSync(file, 'utf8'),
		world(r => console.log(JSON.stringify(r)), path.dirname(file)),
		{filename: file, timeout: 1000});
