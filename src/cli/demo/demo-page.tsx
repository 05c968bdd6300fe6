import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { assetsFolder, Details, Layout, PageHead, Quiet, Section } from '../../web/index.ts'
import { formatDateTime } from '../../text/index.ts'
import { nameOfType } from '../act-names.ts'
import type { PlayedCase } from './aurelia-borovia.ts'
import type { LaunchedNode } from './launch-node.ts'
import { parties, type PartyKey, type RoleKey, roles } from './parties.ts'
import type { Person } from './person.ts'
import { type Beat, type Step, steps } from './stage.ts'

export interface DemoPage {
  url: string
  /** The case is played: the page shows what each party sees. */
  finish(played: PlayedCase): void
  close(): Promise<void>
}

const headings: Record<Step, string> = {
  before: 'Before',
  communication: 'Communication',
  talks: 'Bilateral talks',
  forum: 'Forum',
  norms: 'Norms',
  cooperation: 'Cooperation',
  checks: 'Do the points of contact answer?',
  dossier: 'What remains',
  secretariat: 'The Secretariat is down',
}

/** Whose eyes the columns use. */
const eyes: Record<PartyKey, RoleKey> = {
  aurelia: 'releaser',
  borovia: 'deskOfficer',
  calenia: 'delegate',
  mosc: 'secretary',
}

interface Column {
  key: PartyKey
  name: string
  url: string
  spaces: {
    title: string
    kind: string
    size: number
    acts: { index: number; author: string; type: string; when: string }[]
  }[]
  incidents: number
  commitments: number
  trouble?: string
}

interface ApiSpace {
  id: string
  kind: string
  title: Record<string, string>
  size: number
}

/** Reads one party's column from its own node, with the session of one of its people. */
async function readColumn(key: PartyKey, node: LaunchedNode, person: Person): Promise<Column> {
  const empty = {
    key,
    name: parties[key].names.en ?? key,
    url: node.publicUrl,
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
          title: space.title.en ?? Object.values(space.title)[0] ?? '',
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

/** The demonstration's own page: the beats as they happen, then what each party sees. */
export async function serveDemoPage(options: {
  port: number
  beats: readonly Beat[]
  nodes: Record<PartyKey, LaunchedNode>
  people: Record<RoleKey, Person>
}): Promise<DemoPage> {
  const { port, beats, nodes, people } = options
  let played: PlayedCase | undefined

  async function answer(path: string): Promise<{ status: number; media: string; body: string | Uint8Array }> {
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
      body: `<!doctype html>${renderToString(<Demo beats={beats} columns={columns} done={played !== undefined} />)}`,
    }
  }

  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
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

function Demo({ beats, columns, done }: { beats: readonly Beat[]; columns: Column[]; done: boolean }): VNode {
  return (
    <Layout
      title="The case of Aurelia and Borovia"
      language="en"
      direction="ltr"
      path="/demo"
      languages={[]}
      house={{ name: 'Chancery', party: 'Demonstration', drill: 'MERIDIAN DAWN', live: false }}
      nav={[]}
    >
      <PageHead
        title="The case of Aurelia and Borovia"
        lead={
          done
            ? 'Played. Below, what each party sees, asked from each node’s own interface just now.'
            : 'Being played. Load this page again to see how far it is.'
        }
      />
      {steps
        .filter((step) => beats.some((beat) => beat.step === step))
        .map((step) => (
          <Section key={step} title={headings[step]}>
            <ol>
              {beats
                .filter((beat) => beat.step === step)
                .map((beat) => (
                  <li key={beat.line}>{beat.line}</li>
                ))}
            </ol>
          </Section>
        ))}
      {columns.length > 0 && (
        <Section title="What each party sees">
          <div class="columns">
            {columns.map((column) => (
              <ColumnView key={column.key} column={column} />
            ))}
          </div>
        </Section>
      )}
    </Layout>
  )
}

function ColumnView({ column }: { column: Column }): VNode {
  return (
    <div class="column">
      <h3>{column.name}</h3>
      <p class="small">
        <a href={column.url}>{column.url}</a>
      </p>
      {column.trouble && <p>{column.trouble}</p>}
      <Quiet small>
        Asked as {roles[eyes[column.key]].name}. Incidents at home: {column.incidents}. Commitments:{' '}
        {column.commitments}.
      </Quiet>
      {column.spaces.map((space) => (
        <Details key={space.title} summary={`${space.title} (${space.kind}, ${space.size} entries)`} open>
          <ol class="small">
            {space.acts.map((act) => (
              <li key={act.index} value={act.index}>
                {nameOfType(act.type) ?? act.type}
                <br />
                <span class="quiet">
                  {ownNames.get(act.author) ?? act.author},{' '}
                  {formatDateTime(Date.parse(act.when), 'Etc/UTC', 'en', { short: true })}
                </span>
              </li>
            ))}
          </ol>
        </Details>
      ))}
      {column.spaces.length === 0 && <Quiet small>Nothing was shared with this party.</Quiet>}
    </div>
  )
}

const ownNames = new Map(Object.values(parties).map((party) => [party.party, party.names.en ?? party.party]))
