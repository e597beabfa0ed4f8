// SPDX-License-Identifier: Apache-2.0
// The npm package "coap" as a client and as a server:
//   node coap.cjs server            prints "port N"; /text: GET, PUT, DELETE; /ticks: can be observed
//   node coap.cjs METHOD URL [key=value...]   body=FILE, block1=SZX, block2=BYTES, observe=COUNT, out=FILE
// A client prints the code of each response; its body goes to out, or is printed.
const fs = require('fs')
const coap = require('coap')

function serve () {
  let text = Buffer.from('nothing yet')
  const server = coap.createServer((request, response) => {
    const path = request.url.split('?')[0]
    if (path === '/ticks' && request.headers.Observe === 0) {
      let n = 0
      response.write(`tick ${n}`)
      const timer = setInterval(() => response.write(`tick ${++n}`), 200)
      response.on('finish', () => clearInterval(timer))
      response.on('error', () => clearInterval(timer))
    } else if (path === '/ticks') {
      response.end('tick')
    } else if (path === '/slow') {
      setTimeout(() => response.end('later'), 500)
    } else if (path !== '/text') {
      response.code = '4.04'
      response.end()
    } else if (request.method === 'PUT') {
      text = request.payload
      response.code = '2.04'
      response.end()
    } else if (request.method === 'DELETE') {
      text = Buffer.alloc(0)
      response.code = '2.02'
      response.end()
    } else {
      response.end(text)
    }
  })
  server.listen(0, '127.0.0.1', () => console.log(`port ${server._port ?? server._sock.address().port}`))
}

function ask (method, address, options) {
  const url = new URL(address)
  let left = Number(options.observe ?? 0)
  const request = coap.request({
    host: url.hostname,
    port: Number(url.port),
    pathname: url.pathname,
    query: url.search.slice(1),
    method,
    observe: left > 0
  })
  if (options.block1) request.setOption('Block1', Buffer.from([Number(options.block1)]))
  if (options.block2) request.setOption('Block2', Buffer.from([Math.log2(Number(options.block2)) - 4]))
  request.on('error', (error) => { console.log(`error ${error.message}`); process.exit(1) })
  request.on('response', (response) => {
    console.log(response.code)
    if (!options.observe) {
      if (options.out) fs.writeFileSync(options.out, response.payload)
      else console.log(response.payload.toString())
      process.exit(0)
    }
    response.on('data', (chunk) => {
      console.log(chunk.toString())
      if (--left <= 0) {
        response.close()
        setTimeout(() => process.exit(0), 300)
      }
    })
  })
  setTimeout(() => { console.log('error no answer'); process.exit(1) }, 15000)
  request.end(options.body ? fs.readFileSync(options.body) : undefined)
}

const [what, address, ...rest] = process.argv.slice(2)
if (what === 'server') serve()
else ask(what, address, Object.fromEntries(rest.map((pair) => pair.split('='))))
