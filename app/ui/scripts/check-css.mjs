// Refuses what would break right-to-left layout or the themes: physical directions, and colours outside tokens.css.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const rules = [
  [/(^|[\s;{])(margin|padding|border|inset)-(left|right|top|bottom)\b/, 'a physical side; use -inline-start, -block-end, …'],
  [/(^|[\s;{])(left|right|top|bottom)\s*:/, 'a physical position; use inset-inline-start, inset-block-end, …'],
  [/(^|[\s;{])(min-|max-)?(width|height)\s*:/, 'a physical size; use inline-size or block-size'],
  [/text-align\s*:\s*(left|right)\b/, 'a physical alignment; use start or end'],
  [/float\s*:\s*(left|right)\b/, 'a physical float; use inline-start or inline-end'],
  [/border-(top|bottom)-(left|right)-radius/, 'a physical corner; use border-start-start-radius, …'],
  [/url\(\s*['"]?(https?:)?\/\//, 'another host; everything is served by ourselves'],
];
const colour = [/#[0-9a-fA-F]{3,8}\b|\b(rgb|hsl|oklch|lab)a?\(/, 'a colour; take one from tokens.css'];

const complaints = [];
for (const name of readdirSync('src', { recursive: true })) {
  if (!name.endsWith('.css')) continue;
  const checks = name.endsWith('tokens.css') ? rules : [...rules, colour];
  const text = readFileSync(join('src', name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' '));
  text.split('\n').forEach((line, index) => {
    if (line.trimStart().startsWith('@media')) return;
    for (const [pattern, complaint] of checks) {
      if (pattern.test(line)) complaints.push(`src/${name}:${index + 1}: ${complaint}: ${line.trim()}`);
    }
  });
}
if (complaints.length > 0) {
  console.error(complaints.join('\n'));
  process.exit(1);
}
console.log('check-css: logical properties and tokens only.');
