import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from './person.ts'

/** What a house hands over for one person: how, to which number, a reference and a link. */
export interface Rung {
  id: string
  step: 'sms' | 'voice'
  to: string
  reference: string
  link: string
}

/** Stands where a provider of SMS and voice would: keeps what the hook of a house hands over. */
export interface Telephones {
  hookUrl: string
  /** What is not signed with it is refused. */
  trust(secret: string): void
  /** The newest SMS on the telephone with this number. */
  sms(to: string): Promise<Rung>
  close(): Promise<void>
}

const mostBytes = 4_096

/** Telephones on this machine, to be rung over the documented hook. */
export async function serveTelephones(): Promise<Telephones> {
  const rung: Rung[] = []
  let key: Buffer | undefined
  const server = createServer((request, response) => {
    const take = async () => {
      const body = await textOf(request)
      if (!key || !isSigned(key, request, body)) return { status: 401, answer: {} }
      const message = JSON.parse(body) as Rung
      if (rung.every(({ id }) => id !== message.id)) rung.push(message)
      return { status: 200, answer: { id: message.id } }
    }
    take().then(
      ({ status, answer }) => response.writeHead(status).end(JSON.stringify(answer)),
      () => response.writeHead(400).end(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    hookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    trust(secret) {
      key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    },
    sms: (to) =>
      until(`the telephone ${to} to ring`, async () => rung.findLast((one) => one.to === to && one.step === 'sms')),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += (piece as Buffer).length
    if (size > mostBytes) throw new Error('too long for a page')
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function isSigned(key: Buffer, { headers }: IncomingMessage, body: string): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
