import { mkdtemp, rm } from 'node:fs/promises'
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
}

const program = resolve(import.meta.dirname, '../../dist/chancery.js')

/** Two nodes as processes of their own, pinned with each other, with one person signed in at each. */
export async function launchPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'chancery-bench-'))
  const nodes: LaunchedNode[] = []
  const end = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    for (const key of ['aurelia', 'borovia']) await removeEmbeddedPostgres(join(folder, key))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    let port = firstPort()
    for (const key of ['aurelia', 'borovia'] as const) {
      port = await findFreePort(port + 1, '127.0.0.1')
      nodes.push(await launchNode({ key, party: parties[key], dataDir: join(folder, key), port, program }))
    }
    const [one, other] = nodes as [LaunchedNode, LaunchedNode]
    await pin(await signIn(one, 'aureliaAdministrator'), other, await signIn(other, 'boroviaAdministrator'))
    await pin(await signIn(other, 'boroviaAdministrator'), one, await signIn(one, 'aureliaAdministrator'))
    const aurelia = await signIn(one, 'releaser')
    const borovia = await signIn(other, 'deskOfficer')
    const folders = { aurelia: join(folder, 'aurelia'), borovia: join(folder, 'borovia') }
    return { aurelia, borovia, folders, space: await openChannel(aurelia, borovia), end }
  } catch (error) {
    await end()
    throw error
  }
}

/** Signs in with a fresh single-use link. */
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
  const { pathname } = new URL(await node.renewLink(name))
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
