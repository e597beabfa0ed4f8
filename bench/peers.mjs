// SPDX-License-Identifier: Apache-2.0
// peers.mjs FOLDER NAME TEXTS.jsonl: how fast another detector is, on the same texts and by the same rule as
// scan.c: the best of 5 rounds after one to warm up, times by message. FOLDER holds node_modules. Prints
// "NAME VALUE" lines, or "absent" where the package is not installed. Each peer runs as its makers ship it,
// with all that it finds without a model and without a network.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, name, path] = process.argv.slice(2);
const modules = resolve(folder, 'node_modules');
const require = createRequire(join(modules, 'x.js'));

const peers = {
  'redact-pii': async () => {
    const { SyncRedactor } = require('redact-pii');
    const redactor = new SyncRedactor();
    return (text) => redactor.redact(text);
  },
  '@openredaction/openredaction': async () => {
    const { OpenRedaction } = require('@openredaction/openredaction');
    const detector = new OpenRedaction();
    return (text) => detector.detect(text);
  },
  '@presidio-dev/hai-guardrails': async () => {
    // Its CommonJS form cannot be read, so the other one. A thread that it starts and does not need here fails:
    // the path of its file is one of the machine that built the package.
    process.on('uncaughtException', (error) => {
      if (!String(error.message).includes('piscina')) throw error;
    });
    const url = pathToFileURL(join(modules, '@presidio-dev/hai-guardrails/dist/index.js'));
    const { GuardrailsEngine, piiGuard, secretGuard, SelectionType } = await import(url);
    const engine = new GuardrailsEngine({
      guards: [piiGuard({ selection: SelectionType.All }), secretGuard({ selection: SelectionType.All })],
    });
    return (text) => engine.run([{ role: 'user', content: text }]);
  },
  '@openai/guardrails': async () => {
    const checks = require('@openai/guardrails/dist/checks/index.js');
    // Addresses of the web and dates are no data of a person in this comparison.
    const entities = Object.values(checks.PIIEntity).filter((e) => e !== 'URL' && e !== 'DATE_TIME');
    const pii = checks.PIIConfig.parse({ entities, block: true });
    const secrets = checks.SecretKeysConfig.parse({});
    return async (text) => {
      await checks.pii(null, text, pii);
      await checks.secretKeysCheck(null, text, secrets);
    };
  },
};

if (!peers[name]) {
  console.error(`peers: there is no peer '${name}'`);
  process.exit(2);
}
if (!existsSync(join(modules, name))) {
  console.log('absent');
  process.exit(0);
}
const texts = readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line).text);
const sizes = texts.map((text) => Buffer.byteLength(text));
const bytes = sizes.reduce((sum, size) => sum + size, 0);
for (const word of ['info', 'warn', 'debug']) console[word] = () => {};
const run = await peers[name]();
let best = Infinity;
let p50 = Infinity;
let p99 = Infinity;
for (let round = 0; round <= 5; round++) {
  const times = [];
  const before = process.cpuUsage();
  for (let i = 0; i < texts.length; i++) {
    const from = process.hrtime.bigint();
    const done = run(texts[i]);
    if (done && typeof done.then === 'function') await done;
    if (sizes[i] <= 2048) times.push(Number(process.hrtime.bigint() - from) / 1e3);
  }
  const used = process.cpuUsage(before);
  if (round === 0) continue;
  times.sort((a, b) => a - b);
  best = Math.min(best, (used.user + used.system) / 1e6);
  p50 = Math.min(p50, times[Math.floor(times.length / 2)]);
  p99 = Math.min(p99, times[Math.floor((times.length * 99) / 100)]);
}
console.log(`pipeline ${(bytes / 1e6 / best).toFixed(3)}`);
console.log(`p50 ${p50.toFixed(1)}`);
console.log(`p99 ${p99.toFixed(1)}`);
process.exit(0);
