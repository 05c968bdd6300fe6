#!/usr/bin/env node
// Reference receiver of the paging hook (docs/operate/paging.md): checks each message, hands it on once, and says so.
// Standard library only; nothing of src/.
//   node tools/paging-receiver.mjs --secret-file <file> --run <program> [--port 7300] [--host 127.0.0.1]
// The program gets one message as JSON on its standard input and ends with 0 once the provider has taken it.
import { spawn } from 'node:child_process'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const mostBytes = 4096
const windowSeconds = 300
const remembered = 10_000

/** A request listener; `deliver` resolves once the provider has the message, and throws if it has not. */
export function createReceiver({ secret, deliver, now = () => Date.now() }) {
  const key = Buffer.from(secret.trim().replace(/^whsec_/, ''), 'base64')
  /** Messages by id, taken or on their way: a repetition waits for the same answer. */
  const taken = new Map()

  return async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (request.method !== 'POST') return answer(405, { error: 'POST only' })
    const body = await read(request)
    if (body === undefined) return answer(413, { error: `at most ${mostBytes} bytes` })
    if (!isSigned(key, request.headers, body, now()))
      return answer(401, { error: 'not signed by our node, or too old' })
    const message = readMessage(body, request.headers['webhook-id'])
    if (!message) return answer(422, { error: 'not a message of version 1' })
    if (!taken.has(message.id)) {
      taken.set(message.id, Promise.resolve(message).then(deliver))
      if (taken.size > remembered) taken.delete(taken.keys().next().value)
    }
    try {
      await taken.get(message.id)
      answer(200, { id: message.id })
    } catch (error) {
      taken.delete(message.id)
      answer(502, { error: String(error.message ?? error).slice(0, 200) })
    }
  }
}

async function read(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function isSigned(key, headers, body, nowMs) {
  const at = headers['webhook-timestamp'] ?? ''
  if (!/^\d{1,12}$/.test(at) || Math.abs(nowMs / 1000 - Number(at)) > windowSeconds) return false
  const wanted = createHmac('sha256', key).update(`${headers['webhook-id']}.${at}.${body}`).digest()
  return (headers['webhook-signature'] ?? '').split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64')
    return one.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted)
  })
}

function readMessage(body, id) {
  try {
    const message = JSON.parse(body)
    const isKnown = message.v === 1 && message.id === id && ['sms', 'voice'].includes(message.step)
    return isKnown && /^\+\d{6,15}$/.test(message.to) ? message : undefined
  } catch {
    return undefined
  }
}

/** Runs the program with one message; no shell, and nothing of the message in its arguments. */
function runProgram(program, message) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [], { stdio: ['pipe', 'inherit', 'inherit'], timeout: 8_000 })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))))
    child.stdin.on('error', () => undefined)
    child.stdin.end(JSON.stringify(message))
  })
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      'secret-file': { type: 'string' },
      run: { type: 'string' },
      port: { type: 'string', default: '7300' },
      host: { type: 'string', default: '127.0.0.1' },
    },
  })
  if (!values['secret-file'] || !values.run) {
    console.error('usage: paging-receiver --secret-file <file> --run <program> [--port 7300] [--host 127.0.0.1]')
    process.exit(2)
  }
  const receiver = createReceiver({
    secret: readFileSync(values['secret-file'], 'utf8'),
    deliver: (message) => runProgram(values.run, message),
  })
  createServer(receiver).listen(Number(values.port), values.host, () =>
    console.log(`listening on http://${values.host}:${values.port}`),
  )
}
