import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createFormPerson } from '../../src/cli/demo/form-person.ts'
import { launchNode, type LaunchedNode } from '../../src/cli/demo/launch-node.ts'
import { parties, type RoleKey, roles } from '../../src/cli/demo/parties.ts'
import { type Person, until } from '../../src/cli/demo/person.ts'
import { findFreePort } from '../../src/core/config/index.ts'
import { firstPort } from './first-port.ts'
import { removeEmbeddedPostgres } from '../../src/core/storage/index.ts'

/** Somebody signed in, by form and by bare request. */
export interface Desk extends Person {
  node: LaunchedNode
  /** A request with this person's session and nothing else. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The session's cookies as a browser would send them. */
  cookie(): string
}

export interface Pair {
  /** Data folders by party, for what only somebody at the machine could do. */
  folders: Record<'aurelia' | 'borovia', string>
  aurelia: Desk
  borovia: Desk
  /** A channel of both, hosted by Aurelia, which everybody has. */
  space: string
  end(): Promise<void>
  /** Says that what a run put there is whole, so that a later one finds it; missing where it was found. */
  keep?(): Promise<void>
}

const program = resolve(import.meta.dirname, '../../dist/chancery.js')

/** What is needed to serve nodes again that a run before left standing. */
interface Kept {
  ports: Record<'aurelia' | 'borovia', number>
  space: string
}

/**
 * Two nodes as processes of their own, pinned with each other, with one person signed in at each.
 *
 * @param kept - Folder that stays; where it holds the nodes of a run before, these are served again.
 */
export async function launchPair(kept?: string): Promise<Pair> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'chancery-bench-')))
  const nodes: LaunchedNode[] = []
  const end = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    if (kept !== undefined) return
    for (const key of ['aurelia', 'borovia']) await removeEmbeddedPostgres(join(folder, key))
    await rm(folder, { recursive: true, force: true })
  }
  const folders = { aurelia: join(folder, 'aurelia'), borovia: join(folder, 'borovia') }
  const before = kept === undefined ? undefined : await readKept(kept)
  try {
    let free = firstPort()
    for (const key of ['aurelia', 'borovia'] as const) {
      free = await findFreePort(free + 1, '127.0.0.1')
      const port = before?.ports[key] ?? free
      const isFounded = before !== undefined
      nodes.push(await launchNode({ key, party: parties[key], dataDir: folders[key], port, program, isFounded }))
    }
    const [one, other] = nodes as [LaunchedNode, LaunchedNode]
    if (before) {
      const [aurelia, borovia] = [await signIn(one, 'releaser'), await signIn(other, 'deskOfficer')]
      return { aurelia, borovia, folders, space: before.space, end }
    }
    const ours = await signIn(one, 'aureliaAdministrator')
    const theirs = await signIn(other, 'boroviaAdministrator')
    await pin(ours, other, theirs)
    await pin(theirs, one, ours)
    const aurelia = await signIn(one, 'releaser')
    const borovia = await signIn(other, 'deskOfficer')
    const space = await openChannel(aurelia, borovia)
    const keep = async () => {
      const ports = { aurelia: portOf(one), borovia: portOf(other) }
      if (kept !== undefined) await writeFile(join(kept, keptFile), JSON.stringify({ ports, space } satisfies Kept))
    }
    return { aurelia, borovia, folders, space, end, keep }
  } catch (error) {
    await end()
    throw error
  }
}

const keptFile = 'pair.json'
const portOf = ({ peerUrl }: LaunchedNode) => Number(new URL(peerUrl).port)

async function readKept(folder: string): Promise<Kept | undefined> {
  const text = await readFile(join(folder, keptFile), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Kept)
}

/** Signs in with a single-use link that nobody used. */
export async function signIn(node: LaunchedNode, role: RoleKey): Promise<Desk> {
  const { name } = roles[role]
  let cookie = ''
  const person = createFormPerson({
    name,
    baseUrl: node.publicUrl,
    connectUrl: node.peerUrl,
    fetch(request) {
      cookie = request.headers.get('cookie') ?? cookie
      return fetch(request)
    },
  })
  const { pathname } = new URL(await node.linkFor(name))
  await person.open(pathname)
  await person.send(pathname)
  return {
    ...person,
    node,
    cookie: () => cookie,
    ask: (path, init = {}) =>
      fetch(new URL(path, node.peerUrl), {
        ...init,
        redirect: 'manual',
        headers: { accept: 'application/json', ...init.headers, cookie, origin: new URL(node.publicUrl).origin },
      }),
  }
}

/** One party's administrator pins the other, by the fingerprint that theirs reads out. */
export async function pin(person: Person, peer: LaunchedNode, theirs: Person): Promise<void> {
  const fingerprint = /(?:\d{5} ){15}\d{5}/.exec((await theirs.open('/peers')).text)?.[0] ?? ''
  await person.open('/peers')
  await person.send('/peers', { url: peer.peerUrl })
  await person.send('/peers/pin', { fingerprint, how: 'voice' })
}

async function openChannel(aurelia: Person, borovia: Person): Promise<string> {
  await aurelia.open('/spaces/open')
  const page = await aurelia.send('/spaces/open', {
    kind: 'channel',
    'title-en': 'Measured',
    purpose: 'To measure how long a communication check takes.',
    members: [parties.borovia.party],
  })
  const space = /\/spaces\/([0-9a-f]{32})/.exec(page.path)?.[1]
  if (!space) throw new Error(`no space was opened: ${page.title}`)
  await until('the other side to see the space', async () => (await borovia.open(`/spaces/${space}`)).status === 200)
  return space
}
