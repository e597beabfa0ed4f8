// SPDX-License-Identifier: Apache-2.0
// verdicts.mjs FOLDER NAME TEXTS.jsonl: what another detector of injection says about each text, and how fast:
// the best of 3 rounds after one to warm up, processor time. FOLDER holds node_modules. Prints "speed MB/s" and
// one line of 0 and 1, or "absent" where the package is not installed. Each runs as its makers ship it.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, name, path] = process.argv.slice(2);
const modules = resolve(folder, 'node_modules');
const require = createRequire(join(modules, 'x.js'));

const peers = {
  '@andersmyrmel/vard': async () => {
    const { default: vard } = await import(pathToFileURL(join(modules, '@andersmyrmel/vard/dist/index.js')));
    const guard = vard();
    return (text) => !guard.safeParse(text).safe;
  },
  llm_guardrail: async () => {
    const { checkInjection, checkJailbreak } = await import(pathToFileURL(require.resolve('llm_guardrail')));
    return async (text) => !(await checkInjection(text)).allowed || !(await checkJailbreak(text)).allowed;
  },
};

if (!peers[name]) {
  console.error(`verdicts: there is no peer '${name}'`);
  process.exit(2);
}
if (!existsSync(join(modules, name))) {
  console.log('absent');
  process.exit(0);
}
const texts = readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line).text);
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
const log = console.log;
for (const word of ['log', 'info', 'warn', 'debug']) console[word] = () => {};
const run = await peers[name]();
let best = Infinity;
let said = '';
for (let round = 0; round <= 3; round++) {
  const before = process.cpuUsage();
  said = '';
  for (const text of texts) said += (await run(text)) ? 1 : 0;
  const used = process.cpuUsage(before);
  if (round > 0) best = Math.min(best, (used.user + used.system) / 1e6);
}
log(`speed ${(bytes / 1e6 / best).toFixed(3)}`);
log(said);
process.exit(0);
