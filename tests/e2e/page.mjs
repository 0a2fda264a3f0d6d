// The page of --report html in a real browser: page.mjs MODULES PAGE RECORDS
// GRAPH [SHOTS]: RECORDS are lines of `list -o jsonl`, GRAPH what `graph`
// draws.  Says what is wrong; with SHOTS, a folder, it takes pictures.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [modules, page, records, graph, shots] = process.argv.slice(2);
const load = createRequire(modules + "/");
const { chromium } = load("playwright-core");
const axe = readFileSync(load.resolve("axe-core/axe.min.js"), "utf8");
const faults = [];
const is = (what, got, want) => {
	if (JSON.stringify(got) !== JSON.stringify(want))
		faults.push(`${what}: ${JSON.stringify(got)?.slice(0, 300)}, expected ` +
			`${JSON.stringify(want)?.slice(0, 300)}`);
};

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
	args: ["--no-sandbox", "--disable-gpu"],
});

async function open(options) {
	const context = await browser.newContext(options);
	const tab = await context.newPage();
	tab.on("console", (m) => faults.push(`console: ${m.type()} ${m.text()}`));
	tab.on("pageerror", (e) => faults.push(`error: ${e}`));
	tab.on("request", (r) => {
		if (r.url() !== `file://${page}` && !r.url().startsWith("data:"))
			faults.push(`request: ${r.url()}`);
	});
	await tab.goto(`file://${page}`);
	return tab;
}

const edges = () => {
	const titles = {};
	for (const n of document.querySelectorAll("[data-node]"))
		titles[n.dataset.node] = `${n.dataset.title} (${n.dataset.detail})`;
	return [...document.querySelectorAll("[data-from]")].map(
		(e) => `${titles[e.dataset.from]} > ${titles[e.dataset.to]}`).sort();
};
const rows = () => [...document.querySelectorAll("#records tbody tr")].map(
	(r) => [0, 1, 3].map((i) => r.cells[i].textContent).join(" ")).sort();

// The records are those that list prints, and the picture is the graph.
const lines = readFileSync(records, "utf8").split("\n").filter(Boolean)
	.map((l) => JSON.parse(l))
	.filter((r) => r.name) // the last one is the trailer
	.filter((r) => r.type !== "TXT" || !r.targets[0].includes("heritage=external-dns"));
for (const scheme of ["light", "dark"]) {
	const tab = await open({ colorScheme: scheme, viewport: { width: 1200, height: 900 } });

	is("records", await tab.evaluate(rows),
		lines.map((r) => `${r.name} ${r.type} ${r.targets.join(",")}`).sort());
	const drawn = await tab.evaluate(edges);
	is("a picture", drawn.length > 0, true);
	const other = await browser.newPage();
	await other.goto(`file://${graph}`);
	if (lines.length <= 24) {
		is("edges", drawn, await other.evaluate(edges));
		is("names of the picture", await tab.evaluate(() =>
			[...document.querySelectorAll(".zl .name")].map((n) => n.dataset.title).sort()),
			[...new Set(lines.map((r) => r.name))].sort());
	}
	await other.close();
	if (shots)
		await tab.screenshot({ path: `${shots}/${scheme}.png`, fullPage: lines.length < 100 });
	// What is folded is looked at, too, unless there is too much of it.
	if (lines.length < 1000)
		await tab.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
	await tab.evaluate(axe);
	const found = await tab.evaluate(() => window.axe.run());
	for (const v of found.violations)
		faults.push(`axe, ${scheme}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target)}`);
	await tab.context().close();
}

// Found by typing; what does not match is folded away, and comes back.
const tab = await open({ viewport: { width: 390, height: 844 } });
const name = lines[lines.length - 1].name;
await tab.keyboard.press("Tab");
is("the first stop skips to the change", await tab.evaluate(() => document.activeElement.className), "skip");
await tab.fill("#query", name);
await tab.waitForFunction(() => document.getElementById("found").textContent !== "");
is("found", await tab.evaluate(() => document.querySelectorAll("#records tbody tr:not([hidden])").length),
	lines.filter((r) => r.name.includes(name) ).length);
is("seen", await tab.locator("#records tbody tr:visible").first().isVisible(), true);
if (shots)
	await tab.screenshot({ path: `${shots}/phone.png` });
is("nothing wider than a phone", await tab.evaluate(() => document.documentElement.scrollWidth <= 390), true);
await tab.fill("#query", "");
await tab.waitForFunction(() => document.getElementById("found").textContent === "");
is("all again", await tab.evaluate(() => document.querySelectorAll("#records tbody tr[hidden]").length), 0);
await tab.context().close();

// Without scripts everything but the search is there.
const plain = await open({ javaScriptEnabled: false });
is("no search without scripts", await plain.locator("#search").isVisible(), false);
is("records without scripts", await plain.locator("#records summary").first().isVisible(), true);
await browser.close();
for (const f of new Set(faults))
	console.log(f);
process.exit(faults.length > 0 ? 1 : 0);
