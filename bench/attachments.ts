import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '../src/protocol/index.ts'
import { parties } from '../src/cli/demo/parties.ts'
import { type Desk, launchPair, signIn } from '../test/support/launch-pair.ts'
import { printFigures } from './print-figures.ts'

/**
 * A file of 100 MB: from a browser to its node in pieces, then with its letter to the other node, where its bytes are
 * whole again. Two processes, HTTP on loopback, a PostgreSQL each. Beside it the same bytes over plain HTTP, twice, as
 * they pass twice here: read and thrown away by whoever gets them. Memory is the largest a process had (VmHWM).
 */

const megabytes = Number(process.argv[2] ?? 100)
const content = randomBytes(megabytes * 1024 * 1024)
const piece = 4 * 1024 * 1024
const pieces = Math.ceil(content.length / piece)

const memory = (which: 'VmHWM' | 'VmRSS', { node }: Desk): number => {
  const status = readFileSync(`/proc/${node.pid()}/status`, 'utf8')
  return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024
}
const peak = (desk: Desk): number => memory('VmHWM', desk)

async function answered(answer: Response): Promise<Record<string, unknown>> {
  const said = (await answer.json()) as Record<string, unknown>
  if (!answer.ok) throw new Error(`answered ${answer.status}: ${JSON.stringify(said)}`)
  return said
}

async function upload(desk: Desk, draft: string): Promise<void> {
  const at = `/drafts/${draft}/uploads`
  const json = { 'content-type': 'application/json' }
  const facts = { name: 'capture.dat', size: content.length, fingerprint: newId() }
  const { id } = await answered(await desk.ask(at, { method: 'POST', headers: json, body: JSON.stringify(facts) }))
  for (let n = 0; n < pieces; n++) {
    const headers = { 'content-type': 'application/partial-upload', 'upload-offset': String(n * piece) }
    const body = content.subarray(n * piece, (n + 1) * piece)
    const is = await answered(await desk.ask(`${at}/${id}`, { method: 'POST', headers, body }))
    if (n === pieces - 1 && is.state !== 'ready') throw new Error(`the file is ${is.state}`)
  }
}

/** Reads what is handed out and keeps nothing of it. */
async function fetchWhole(desk: Desk, at: string): Promise<void> {
  const answer = await desk.ask(at, { headers: { accept: '*/*' } })
  let size = 0
  for await (const piece of answer.body ?? []) size += piece.length
  if (size !== content.length) throw new Error(`${size} bytes came with status ${answer.status}`)
}

/** The same bytes in the same pieces to a server that keeps nothing. */
async function plainCopy(): Promise<number> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const began = performance.now()
  for (let n = 0; n < pieces; n++)
    await (await fetch(url, { method: 'POST', body: content.subarray(n * piece, (n + 1) * piece) })).text()
  const took = performance.now() - began
  server.closeAllConnections()
  server.close()
  return took
}

process.env.CHANCERY_HOLD_MS = '0'
const { aurelia, borovia, space, end } = await launchPair()
try {
  const drafter = await signIn(aurelia.node, 'drafter')
  const before = [peak(aurelia), peak(borovia)] as const
  const plain = await plainCopy()
  const id = newId()
  const uploading = performance.now()
  await upload(drafter, id)
  const uploaded = performance.now() - uploading
  const post = async (desk: Desk, path: string, fields: Record<string, string>) =>
    answered(await desk.ask(path, { method: 'POST', body: new URLSearchParams(fields) }))
  const { approval } = await post(drafter, `/spaces/${space}/write/channels.note-sent`, {
    id,
    form: 'letter',
    purpose: 'inform',
    addressee: parties.borovia.party,
    language: 'en',
    subject: 'Capture',
    opening: 'To the competent authority,',
    text: 'The capture is attached.',
    closing: 'With our regards.',
    tlp: 'AMBER',
  })
  await post(drafter, `/drafts/${id}/submit`, { approval: String(approval) })
  const sending = performance.now()
  await post(aurelia, `/drafts/${id}/release`, { approval: String(approval) })
  const signed = performance.now() - sending
  let at: string | undefined
  for (;;) {
    const listed = await answered(await borovia.ask(`/api/v1/spaces/${space}/acts?from=1&limit=5`))
    const acts = listed.acts as { hash: string; content?: { attachments: { hash: string; present: boolean }[] } }[]
    const came = acts.find(({ content }) => content?.attachments.some(({ present }) => present))
    at = came && `/spaces/${space}/acts/${came.hash}/parts/${came.content?.attachments[0]?.hash}`
    if (at) break
    await pause(25)
  }
  const crossed = performance.now() - sending
  const received = peak(borovia)
  // The first time it is looked into, which takes the whole of it; then it is only handed out.
  await fetchWhole(borovia, at)
  const looked = peak(borovia)
  // From here on the largest is counted anew (proc(5), clear_refs).
  writeFileSync(`/proc/${borovia.node.pid()}/clear_refs`, '5')
  const resting = memory('VmRSS', borovia)
  const fetching = performance.now()
  await fetchWhole(borovia, at)
  const fetched = performance.now() - fetching
  const ratio = (uploaded + crossed) / (2 * plain)
  process.exitCode = printFigures(`${megabytes} MB from a browser through two nodes`, [
    { what: 'browser to node, stored and looked into', value: uploaded / 1000, unit: 's' },
    { what: 'release: signed, payload made within the database', value: signed / 1000, unit: 's' },
    { what: 'release to whole and proved on the other node', value: crossed / 1000, unit: 's' },
    { what: 'handed out to a browser there, compared as it passes', value: fetched / 1000, unit: 's' },
    { what: 'plain HTTP copy of the same bytes, kept nowhere', value: plain / 1000, unit: 's' },
    { what: 'both ways against two plain copies', value: ratio, unit: 'times' },
    { what: 'largest memory of the sending node (before)', value: before[0], unit: 'MB' },
    { what: 'largest memory of the sending node', value: peak(aurelia), unit: 'MB' },
    { what: 'largest memory of the other node (before)', value: before[1], unit: 'MB' },
    { what: 'largest memory of the other node', value: received, unit: 'MB' },
    { what: 'the same once it was looked into there', value: looked, unit: 'MB' },
    { what: 'what handing it out again added to that', value: peak(borovia) - resting, unit: 'MB' },
  ])
} finally {
  await end()
}
