import { createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { createLuck } from '../luck.ts'
import type { Handler, Seen, VirtualWire, Weather } from '../virtual-wire.ts'

/** What stands in front of real nodes: all that others send them goes through here, over real HTTP. */
export interface Doors extends Pick<VirtualWire, 'weather' | 'cut' | 'heal' | 'door' | 'onSeen' | 'messages'> {
  /** Opens the door of a node. Gives the address under which others reach it. */
  open(name: string): Promise<string>
  /** Who is behind a door, once it listens, and by which key its requests are known. */
  inhabit(name: string, node: { port: number; kid: string }): void
  close(): Promise<void>
}

interface Behind {
  port: number
  kid: string
}

export function createDoors(): Doors {
  const servers = new Map<string, Server>()
  const behind = new Map<string, Behind>()
  const keepers = new Map<string, (from: string, request: Request, inside: Handler) => Promise<Response>>()
  const cuts = new Set<string>()
  const luck = createLuck()
  let weather: Weather = { drop: 0, duplicate: 0, longestDelayMs: 1 }
  let messages = 0
  let hear: (seen: Seen) => void = () => undefined

  const isCut = (a: string, b: string) => cuts.has(`${a} ${b}`) || cuts.has(`${b} ${a}`)

  /** Requests between nodes name the key they are signed with; whoever signs nothing is nobody we know. */
  function sender({ headers }: IncomingMessage): string {
    const kid = /;keyid="([^"]+)"/.exec(String(headers['signature-input'] ?? ''))?.[1]
    return [...behind].find(([, one]) => one.kid === kid)?.[0] ?? 'nobody'
  }

  async function pass(to: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming)
    const from = sender(incoming)
    const path = incoming.url ?? '/'
    const [lost, answerLost, twice, there, back] = luck.of(`${from}>${to} ${incoming.method} ${path.split('?')[0]}`)
    const delay = (share: number) => pause(Math.floor(share * weather.longestDelayMs))
    messages += 1
    hear({ from, to, path, headers: plain(incoming.headers), body })
    await delay(there)
    if (isCut(from, to) || lost < weather.drop) return void outgoing.destroy()
    const inside: Handler = (request) => forward(behind.get(to), request, outgoing)
    const asked = () => requestOf(incoming, body)
    const keeper = keepers.get(to)
    const answer = await (keeper ? keeper(from, asked(), inside) : inside(asked()))
    const content = new Uint8Array(await answer.arrayBuffer())
    hear({ from: to, to: from, path, headers: Object.fromEntries(answer.headers), body: content })
    if (twice < weather.duplicate) void inside(asked()).catch(() => undefined)
    await delay(back)
    if (isCut(from, to) || answerLost < weather.drop) return void outgoing.destroy()
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(content)
  }

  return {
    async open(name) {
      const server = createServer((incoming, outgoing) => {
        pass(name, incoming, outgoing).catch(() => outgoing.destroy())
      })
      servers.set(name, server)
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    inhabit: (name, node) => void behind.set(name, node),
    weather(seed, how) {
      luck.seed(seed)
      weather = how
    },
    cut: (a, b) => void cuts.add(`${a} ${b}`),
    heal: () => cuts.clear(),
    door(name, keeper) {
      if (keeper) keepers.set(name, keeper)
      else keepers.delete(name)
    },
    onSeen(next) {
      hear = next
    },
    messages: () => messages,
    async close() {
      await Promise.all(
        [...servers.values()].map((server) => {
          server.closeAllConnections()
          return new Promise((resolve) => {
            server.close(resolve)
          })
        }),
      )
    },
  }
}

async function readAll(incoming: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

function requestOf(incoming: IncomingMessage, body: Uint8Array): Request {
  const { method = 'GET', headers, url = '/' } = incoming
  const given = method === 'GET' ? {} : { body: new Uint8Array(body) }
  return new Request(`http://${headers.host}${url}`, { method, headers: plain(headers), ...given })
}

/** To the node itself, under the address its peers know; ends when whoever asked hangs up. */
async function forward(node: Behind | undefined, request: Request, asker: ServerResponse): Promise<Response> {
  const url = new URL(request.url)
  const body = Buffer.from(await request.arrayBuffer())
  return new Promise((resolve, reject) => {
    const headers = { ...Object.fromEntries(request.headers), host: url.host, 'content-length': body.byteLength }
    const sent = httpRequest({
      host: '127.0.0.1',
      port: node?.port,
      path: url.pathname + url.search,
      method: request.method,
      headers,
      agent: false,
    })
    sent.on('error', reject)
    sent.on('response', (came) => {
      readAll(came).then((bytes) => {
        const status = came.statusCode ?? 502
        const content = status === 204 || status === 304 ? null : Buffer.from(bytes)
        resolve(new Response(content, { status, headers: plain(came.headers) }))
      }, reject)
    })
    asker.on('close', () => sent.destroy())
    sent.end(body)
  })
}

/** Of one connection alone: they are not passed on. */
const ownOfLine = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])

function plain(headers: IncomingMessage['headers']): Record<string, string> {
  const all = Object.entries(headers).filter(([name]) => !ownOfLine.has(name))
  return Object.fromEntries(all.map(([name, value]) => [name, String(value)]))
}
