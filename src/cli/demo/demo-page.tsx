import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { renderToString } from 'preact-render-to-string'
import { languageFrom, languages } from '../../text/index.ts'
import { assetsFolder } from '../../web/index.ts'
import type { PlayedCase } from './case/played.ts'
import { CasePage, type Column } from './case-page.tsx'
import type { LaunchedNode } from './launch-node.ts'
import { type PartyKey, type RoleKey, roles } from './parties.ts'
import type { Person } from './person.ts'
import type { Beat } from './stage.ts'

export interface DemoPage {
  url: string
  /** The case is played: the page shows what each party sees. */
  finish(played: PlayedCase): void
  close(): Promise<void>
}

/** Whose eyes the columns use. */
const eyes: Record<PartyKey, RoleKey> = {
  aurelia: 'releaser',
  borovia: 'deskOfficer',
  calenia: 'delegate',
  mosc: 'secretary',
}

interface ApiSpace {
  id: string
  kind: string
  title: Record<string, string>
  size: number
}

/** Reads one party's column from its own node, with the session of one of its people. */
async function readColumn(
  key: PartyKey,
  node: Pick<LaunchedNode, 'publicUrl'>,
  person: Pick<Person, 'read'>,
): Promise<Column> {
  const empty = {
    key,
    url: node.publicUrl,
    askedAs: roles[eyes[key]].name,
    spaces: [],
    incidents: 0,
    commitments: 0,
  }
  try {
    const [{ spaces }, incidents, commitments] = await Promise.all([
      person.read<{ spaces: ApiSpace[] }>('/api/v1/spaces'),
      person.read<unknown>('/api/v1/incidents'),
      person.read<unknown[]>('/api/v1/commitments'),
    ])
    const shown = await Promise.all(
      spaces.map(async (space) => {
        const { acts } = await person.read<{
          acts: { index: number; author: string; type: string; scenarioTime: string }[]
        }>(`/api/v1/spaces/${space.id}/acts`)
        return {
          id: space.id,
          title: space.title,
          kind: space.kind,
          size: space.size,
          acts: acts
            .filter((act) => !/^(space|drill|clock)\./.test(act.type))
            .map((act) => ({ index: act.index, author: act.author, type: act.type, when: act.scenarioTime })),
        }
      }),
    )
    return { ...empty, spaces: shown, incidents: lengthOf(incidents), commitments: commitments.length }
  } catch (error) {
    return { ...empty, trouble: String(error) }
  }
}

function lengthOf(answer: unknown): number {
  if (Array.isArray(answer)) return answer.length
  const list = Object.values(answer as Record<string, unknown>).find(Array.isArray)
  return Array.isArray(list) ? list.length : 0
}

interface Answer {
  status: number
  media: string
  body: string | Uint8Array
}

const cookie = 'chancery-demo-language'

function languageOf({ headers }: IncomingMessage): string {
  const chosen = new RegExp(`\\b${cookie}=([a-z]+)`).exec(headers.cookie ?? '')?.[1]
  return languageFrom({ chosen, acceptLanguage: headers['accept-language'], available: languages() })
}

/** The switch in the foot of the page, the only form there is. */
async function chooseLanguage(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let typed = ''
  for await (const piece of request) {
    typed += String(piece)
    if (typed.length > 1_000) return void response.writeHead(413).end()
  }
  const language = new URLSearchParams(typed).get('language') ?? ''
  const kept = languages().includes(language) ? { 'set-cookie': `${cookie}=${language}; Path=/; SameSite=Lax` } : {}
  response.writeHead(303, { location: '/demo', ...kept }).end()
}

/** The demonstration's own page: the beats as they happen, then what each party sees. */
export async function serveDemoPage(options: {
  port: number
  beats: readonly Beat[]
  nodes: Record<PartyKey, Pick<LaunchedNode, 'publicUrl'>>
  people: Record<RoleKey, Pick<Person, 'read'>>
}): Promise<DemoPage> {
  const { port, beats, nodes, people } = options
  let played: PlayedCase | undefined

  async function answer(path: string, language: string): Promise<Answer> {
    if (path.startsWith('/assets/')) {
      const file = basename(path.split('?')[0] ?? '')
      const media = file.endsWith('.css')
        ? 'text/css'
        : file.endsWith('.js')
          ? 'text/javascript'
          : file.endsWith('.svg')
            ? 'image/svg+xml'
            : 'font/woff2'
      return { status: 200, media, body: await readFile(join(assetsFolder(), file)) }
    }
    if (path !== '/demo' && path !== '/')
      return { status: 404, media: 'text/plain', body: 'Not here. The page is /demo' }
    const columns = played
      ? await Promise.all(
          (Object.keys(nodes) as PartyKey[]).map((key) => readColumn(key, nodes[key], people[eyes[key]])),
        )
      : []
    return {
      status: 200,
      media: 'text/html; charset=utf-8',
      body: `<!doctype html>${renderToString(<CasePage {...{ beats, columns, language }} done={played !== undefined} />)}`,
    }
  }

  const server = createServer((request, response) => {
    if (request.method === 'POST') return void chooseLanguage(request, response)
    answer(request.url ?? '/', languageOf(request)).then(
      ({ status, media, body }) =>
        response
          .writeHead(status, { 'content-type': media, 'content-security-policy': "default-src 'self'" })
          .end(body),
      (error) => response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error)),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://localhost:${port}/demo`,
    finish: (case_) => {
      played = case_
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
