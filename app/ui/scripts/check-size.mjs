// Fails when the first load (what index.html names, with everything those scripts import at once) is over budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 250_000;
const root = 'dist';
const html = readFileSync(`${root}/index.html`, 'utf8');
const seen = new Map();

function weigh(path) {
  if (seen.has(path)) return;
  const text = readFileSync(`${root}${path}`);
  seen.set(path, gzipSync(text, { level: 6 }).length);
  if (!path.endsWith('.js')) return;
  for (const [, next] of text.toString().matchAll(/(?:import|from)\s*["']\.\/([\w.-]+\.js)["']/g)) {
    weigh(`/assets/${next}`);
  }
}

for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)) weigh(path);
const total = [...seen.values()].reduce((sum, size) => sum + size, 0);
for (const [path, size] of seen) console.log(`${String(size).padStart(8)}  ${path}`);
console.log(`${String(total).padStart(8)}  first load, gzipped (budget ${budget})`);

// The widget stands on pages of others: all of it is one file.
const widgetBudget = 15_000;
const widget = gzipSync(readFileSync(`${root}/widget.js`), { level: 6 }).length;
console.log(`${String(widget).padStart(8)}  /widget.js, gzipped (budget ${widgetBudget})`);
if (total > budget || widget > widgetBudget) process.exit(1);
