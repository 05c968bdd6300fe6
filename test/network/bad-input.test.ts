import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { until } from '../../src/cli/demo/person.ts'
import { parties } from '../../src/cli/demo/parties.ts'
import { signRequest } from '../../src/core/federation/signature.ts'
import { loadIdentity } from '../../src/core/identity/index.ts'
import type { Identity } from '../../src/core/identity/types.ts'
import { openDatabase } from '../../src/core/storage/index.ts'
import {
  canonicalBytes,
  type Json,
  newBlob,
  newId,
  signAct,
  type Statement,
  toBase64url,
} from '../../src/protocol/index.ts'
import { parse } from 'node-html-parser'
import { modules } from '../../src/app/modules.ts'
import type { Services } from '../../src/core/module/types.ts'
import { type Desk, launchPair, type Pair, signIn } from '../support/launch-pair.ts'

// Two processes, real HTTP. What only the wire between nodes can carry is in src/core/federation/hostile.test.ts.
let pair: Pair
let borovia: Identity
let analyst: Desk
before(async () => {
  pair = await launchPair()
  borovia = await loadIdentity(pair.folders.borovia)
  analyst = await signIn(pair.aurelia.node, 'analyst')
})
after(() => pair.end())

interface ApiSpace {
  size: number
  root: string
}

const sizeAt = async (desk: Desk) => (await desk.read<ApiSpace>(`/api/v1/spaces/${pair.space}`)).size

/** The answer is a calm refusal with this status, nothing is on record, and the node goes on. */
async function refuses(ask: () => Promise<Response>, statuses: readonly number[], what: string): Promise<string> {
  const size = await sizeAt(pair.aurelia)
  const answer = await ask()
  const text = await answer.text()
  assert.ok(statuses.includes(answer.status), `${what}: ${answer.status} ${text.slice(0, 200)}`)
  assert.ok(!/\bat .*\.(ts|js):\d+/.test(text), `${what}: the answer shows a stack`)
  assert.equal(await sizeAt(pair.aurelia), size, `${what}: something was stored`)
  return text
}

/** An act signed with Borovia's own key, as a program of its own would make it. */
async function handIn(change: Partial<Statement>, body: Json = { anything: 'goes' }) {
  const { aurelia, space } = pair
  const { size, root } = await aurelia.read<ApiSpace>(`/api/v1/spaces/${space}`)
  const blob = newBlob(canonicalBytes(body))
  const statement: Statement = {
    v: 1,
    space,
    id: newId(),
    author: parties.borovia.party,
    office: 'duty-desk',
    type: 'weather.report-made',
    at: Date.now(),
    seen: { size, root },
    after: [],
    marking: { tlp: 'AMBER' },
    parts: [{ role: 'body', media: 'application/json', hash: blob.commitment, size: blob.size }],
    ...change,
  } as Statement
  const act = signAct(statement, borovia.keys.act)
  const path = `/fed/v1/spaces/${space}/acts`
  const content = Buffer.from(
    JSON.stringify({ acts: [act.envelope], blobs: { [blob.commitment]: toBase64url(blob.blob) }, from: size }),
  )
  const url = `${aurelia.node.peerUrl}${path}`
  const headers = signRequest({ method: 'POST', url, body: content }, borovia.keys.node, Date.now())
  const response = await fetch(url, { method: 'POST', headers: { ...headers }, body: content })
  return {
    act,
    status: response.status,
    answer: (await response.json()) as { answers?: { state: string; rule?: string }[] },
  }
}

test('an act of a type nobody here knows is kept with its proof and shown as not known to this version', async () => {
  const { act, status, answer } = await handIn({})
  assert.equal(status, 200, JSON.stringify(answer))
  assert.equal(answer.answers?.[0]?.state, 'on-record', JSON.stringify(answer))
  for (const desk of [pair.aurelia, pair.borovia]) {
    await until('the act to arrive', async () =>
      (await desk.read<{ acts: { hash: string }[] }>(`/api/v1/spaces/${pair.space}/acts`)).acts.some(
        ({ hash }) => hash === act.hash,
      ),
    )
    const page = await desk.open(`/spaces/${pair.space}`)
    assert.match(page.text, /does not know acts of the type weather\.report-made/)
    assert.equal((await desk.open(`/spaces/${pair.space}/acts/${act.hash}`)).status, 200)
  }
})

test('an act for another space, from the future, or said to be another’s is refused by its rule', async () => {
  const size = await sizeAt(pair.aurelia)
  const wrong: [Partial<Statement>, string][] = [
    [{ space: newId() }, 'wrong-space'],
    [{ at: Date.now() + 3_600_000 }, 'author-time-ahead'],
    [{ author: parties.aurelia.party }, 'unknown-key'],
    [{ seen: { size: 1, root: toBase64url(new Uint8Array(32)) } }, 'seen-root'],
  ]
  for (const [change, rule] of wrong) {
    const { status, answer } = await handIn(change)
    const [first] = answer.answers ?? []
    assert.ok(status >= 400 || first?.state === 'refused', `${rule}: ${status} ${JSON.stringify(answer)}`)
    if (first) assert.ok(first.rule, `${rule}: refused without a rule`)
  }
  assert.equal(await sizeAt(pair.aurelia), size)
})

test('forms sent as the wrong kind of content, broken or without their fields are refused', async () => {
  const { aurelia, space } = pair
  const at = `/spaces/${space}/checks`
  const post = (body: BodyInit, type?: string) => () =>
    aurelia.ask(at, { method: 'POST', body, headers: type === undefined ? {} : { 'content-type': type } })
  await refuses(post('id=1', 'text/plain'), [400, 415, 422], 'plain text')
  await refuses(post('<id/>', 'application/xml'), [400, 415, 422], 'XML')
  await refuses(post('{"id":', 'application/json'), [400, 422], 'half a JSON')
  await refuses(post('[]', 'application/json'), [400, 422], 'a list')
  await refuses(post('--x\r\nbroken', 'multipart/form-data; boundary=x'), [400, 422], 'half a form')
  await refuses(post(new URLSearchParams({ id: 'not-an-id', within: 'PT1H' })), [400, 422], 'a wrong id')
  await refuses(post(new URLSearchParams({ id: newId(), within: 'soon' })), [400, 422], 'a wrong duration')
  await refuses(post(new URLSearchParams()), [400, 422], 'no fields')
  await refuses(post(new URLSearchParams({ id: newId(), within: 'PT1H\u2028' })), [400, 422], 'a separator of lines')
})

test('garbage as an incident’s bundle is refused with its place, and no incident is opened', async () => {
  const bundles: [string, Uint8Array][] = [
    ['no JSON', Buffer.from('{ not json')],
    ['no bundle', Buffer.from('{"type":"report"}')],
    ['an object without id', Buffer.from('{"type":"bundle","id":"bundle--x","objects":[{"type":"indicator"}]}')],
    ['bytes', Uint8Array.from({ length: 5_000 }, (_, at) => (at * 7_919) % 256)],
    ['deep', Buffer.from('['.repeat(100_000))],
  ]
  for (const [what, content] of bundles) {
    const data = new FormData()
    for (const [name, value] of Object.entries({
      id: newId(),
      title: 'Garbage',
      category: 'malicious-code',
      summary: 'x',
      drill: 'yes',
    }))
      data.append(name, value)
    data.append('file', new Blob([content as BlobPart], { type: 'application/json' }), 'bundle.json')
    await refuses(() => analyst.ask('/incidents', { method: 'POST', body: data }), [400, 409, 422], what)
  }
  const incidents = await analyst.read<unknown[] | { incidents: unknown[] }>('/api/v1/incidents')
  assert.equal(('length' in incidents ? incidents : incidents.incidents).length, 0)
})

test('an upload beyond what the node takes is refused with 413 before it is read', async () => {
  const data = new FormData()
  data.append('id', newId())
  data.append('title', 'Large')
  data.append('file', new Blob([new Uint8Array(101 * 1024 * 1024)]), 'large.json')
  const answer = await analyst.ask('/incidents', { method: 'POST', body: data }).catch((error: Error) => error)
  // A server may end the connection while the rest is still on its way.
  if (!(answer instanceof Error)) assert.equal(answer.status, 413)
  assert.equal((await analyst.open('/')).status, 200)
})

test('paths that try to leave their folder or hide something find nothing', async () => {
  const { aurelia, space } = pair
  const tricks = [
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/keys/party.json',
    '/assets/chancery.css%00.js',
    '/..%2f..%2fetc/passwd',
    `/spaces/${space}/acts/..%2f..%2f..%2fkeys`,
    `/spaces/${space.toUpperCase()}`,
    `/spaces/${space}%00`,
    '/spaces/%ff%fe',
    '/api/v1/spaces/1%27%20or%201=1--/acts',
    `/api/v1/spaces/${space}/acts?from=-1`,
    `/api/v1/spaces/${space}/acts?limit=1e9`,
    `/drafts/${'a'.repeat(4_000)}`,
  ]
  for (const path of tricks) {
    const text = await refuses(() => aurelia.ask(path), [301, 302, 303, 400, 404, 414, 422], path)
    assert.ok(!/PRIVATE|root:x|"dependencies"/.test(text), path)
  }
})

test('a second click on a form makes one act and lands on the same page', async () => {
  const { aurelia, space } = pair
  const fields = { id: newId(), within: 'PT1H' }
  const click = () => aurelia.ask(`/spaces/${space}/checks`, { method: 'POST', body: new URLSearchParams(fields) })
  const size = await sizeAt(aurelia)
  const answers = await Promise.all([click(), click(), click()])
  const later = await click()
  for (const answer of [...answers, later]) assert.ok(answer.status < 400, `${answer.status}`)
  assert.equal(await sizeAt(aurelia), size + 1)
})

test('while the database only reads, pages are shown, what is sent is refused in words, and the same goes through later', async () => {
  const { aurelia, folders, space } = pair
  const { db, close } = await openDatabase({ dataDir: folders.aurelia })
  const becomes = (way: 'on' | 'off') =>
    db.connection().execute(async (own) => {
      await sql`set default_transaction_read_only = off`.execute(own)
      const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(own)
      await sql`alter database ${sql.id(rows[0]!.name)} set default_transaction_read_only = ${sql.lit(way)}`.execute(
        own,
      )
      // Only connections made from now on are told; one that was just being made shows a little later.
      const { rows: now } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(own)
      for (let quiet = 0; quiet < 5; ) {
        const { rows: ended } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
            and backend_start <= ${now[0]!.at}::timestamptz`.execute(own)
        quiet = ended.length === 0 ? quiet + 1 : 0
        await pause(100)
      }
    })
  const path = `/spaces/${space}/checks`
  const fields = { id: newId(), within: 'PT1H' }
  const click = (accept: string) =>
    aurelia.ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { accept } })
  const size = await sizeAt(aurelia)
  try {
    await becomes('on')
    // Connections of before may still be met once.
    for (const page of ['/', `/spaces/${space}`, `/spaces/${space}/write`, '/account'])
      await until(`${page} to be shown`, async () => (await aurelia.open(page)).status === 200)
    await until('the API to refuse what is sent', async () => {
      const refused = await click('application/json')
      return refused.status === 503 && (await refused.json()).code === 'database-read-only'
    })
    await until('a page to say so', async () => {
      const shown = await click('text/html')
      return shown.status === 503 && /can be read and not written to at the moment/.test(await shown.text())
    })
    assert.equal(await sizeAt(aurelia), size)
    await becomes('off')
    await until('it to be written again', async () => (await click('application/json')).status < 400)
    assert.equal(await sizeAt(aurelia), size + 1)
  } catch (error) {
    await becomes('off').catch(() => undefined)
    throw error
  } finally {
    // Whoever leaves last stops the server: the node has to be connected again.
    await until('the node to answer', async () => (await aurelia.open('/')).status === 200)
    await close()
  }
})

/** Addresses of forms that come back with what is wrong, and the fields each takes. */
function returnedForms(incident: string): { path: string; fields: string[] }[] {
  const nothing: unknown = new Proxy(() => nothing, { get: (_, name) => (name === 'then' ? undefined : nothing) })
  type Schema = { _zod?: { def: { shape?: object; options?: Schema[]; innerType?: Schema; in?: Schema } } }
  const fieldsOf = (schema: Schema | undefined): string[] => {
    const { shape, options, innerType, in: inner } = schema?._zod?.def ?? {}
    if (shape) return Object.keys(shape)
    return options ? options.flatMap(fieldsOf) : innerType || inner ? fieldsOf(innerType ?? inner) : []
  }
  return modules()
    .flatMap((module) => module.routes?.(nothing as Services) ?? [])
    .filter(({ method, onInvalid, permission }) => {
      return method === 'POST' && onInvalid && !['public', 'peer', 'set-up'].includes(permission)
    })
    .map(({ path, input }) => ({
      path: path.replace(':space', pair.space).replace(':incident', incident),
      fields: fieldsOf(input as Schema),
    }))
    .filter(({ path, fields }) => !path.includes(':') && fields.length > 0)
}

const signInAs = (role: Parameters<typeof signIn>[1]) => signIn(pair.aurelia.node, role)

test('every form that comes back says at its head what is wrong, and calls each field what its page calls it', async () => {
  const desks = [
    analyst,
    ...(await Promise.all((['aureliaAdministrator', 'drafter', 'releaser'] as const).map(signInAs))),
  ]
  const returned = new Set<string>()
  const opened = { id: newId(), title: 'Relay', category: 'fraud', drill: 'no' }
  const begun = await analyst.ask('/incidents', { method: 'POST', body: new URLSearchParams(opened) })
  assert.ok(begun.status < 400, `${begun.status} ${await begun.text()}`)
  for (const { path, fields } of returnedForms(opened.id))
    for (const desk of desks) {
      const body = new URLSearchParams(fields.map((name) => [name, 'x'.repeat(20_000)]))
      const answer = await desk.ask(path, { method: 'POST', body, headers: { accept: 'text/html' } })
      const html = parse(await answer.text())
      assert.ok(answer.status < 500, `${path}: ${answer.status}`)
      if (answer.status !== 422) continue
      returned.add(path)
      const lines = html.querySelectorAll('#errors a')
      assert.ok(lines.length > 0, `${path}: no summary`)
      for (const line of lines) {
        const [label = ''] = line.text.split(': ')
        const control = html.querySelector(line.getAttribute('href') ?? '')
        assert.doesNotMatch(label, /^[a-z]/, `${path}: ${line.text}`)
        assert.ok(label !== 'This form' || !control, `${path}: ${control?.getAttribute('name')} has no name`)
      }
    }
  const nameless = new URLSearchParams({ id: newId(), query: 'q=relay' })
  const kept = await analyst.ask('/search/views', { method: 'POST', body: nameless, headers: { accept: 'text/html' } })
  assert.equal(kept.status, 422)
  assert.match(parse(await kept.text()).querySelector('#errors')?.text ?? '', /Name[^:]*: Fill in this field/)
  assert.ok(returned.size > 45, `only ${[...returned].join(', ')}`)
})
