// SPDX-License-Identifier: Apache-2.0
// A telecom bot in a few lines: nlp.js finds out what a text is about, HTTP carries it.
// POST /chat {"text": "...", "session": "..."} gives {"reply": "...", "session": "..."}.
const http = require('node:http');
const { dockStart } = require('@nlpjs/basic');

const data = [
  { intent: 'hello', utterances: ['hello', 'hi', 'good morning'],
    answers: ['Hello, this is the assistant of Example Telecom, a machine. How can I help?'] },
  { intent: 'hours', utterances: ['when are you open', 'what are your opening hours', 'shop hours'],
    answers: ['Our shops are open from Monday to Saturday, 9 to 18.'] },
  { intent: 'tariff', utterances: ['which tariffs do you have', 'what does a contract cost',
    'price of the large plan', 'how much data is in the plan'],
    answers: ['The small plan has 5 GB for 10 a month, the large plan has 50 GB for 25.'] },
  { intent: 'fault', utterances: ['my internet is down', 'the line does not work', 'no connection',
    'I want to report a fault', 'the router blinks red'],
    answers: ['I am sorry. Please restart the router; if that does not help, call us.'] },
  { intent: 'bill', utterances: ['my bill is too high', 'I want a refund', 'explain the invoice',
    'complaint about my bill'],
    answers: ['Our staff looks at each bill by hand. Please write to us.'] },
  { intent: 'roaming', utterances: ['roaming', 'can I use my phone abroad', 'calls from another country'],
    answers: ['Roaming in the neighbouring countries is included.'] },
];

async function main(port) {
  const dock = await dockStart({ use: ['Basic'] });
  const nlp = dock.get('nlp');
  nlp.settings.autoSave = false;
  nlp.settings.log = false;
  await nlp.addCorpus({ name: 'telecom', locale: 'en-US', data });
  await nlp.train();
  const server = http.createServer(async (request, response) => {
    const send = (status, value) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (request.method !== 'POST' || request.url !== '/chat') {
      return send(404, { error: 'there is only POST /chat' });
    }
    try {
      let body = '';
      for await (const piece of request) body += piece;
      const { text, session } = JSON.parse(body);
      const { answer } = await nlp.process('en', String(text));
      return send(200, { reply: answer ?? `I have no answer to: ${text}`, session });
    } catch {
      return send(400, { error: 'the body must be {"text": "...", "session": "..."}' });
    }
  });
  server.listen(port, '127.0.0.1', () => {
    console.log(`listening on http://127.0.0.1:${server.address().port}`);
  });
}

main(Number(process.env.PORT ?? 3000));
