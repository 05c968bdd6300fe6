import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '../src/protocol/index.ts'
import { type Desk, launchPair } from '../test/support/launch-pair.ts'
import { percentile, printFigures } from './print-figures.ts'

/**
 * From pressing "send" on one node to its being there to be read on the other:
 * two processes, HTTP on loopback, a PostgreSQL each that waits for the disk.
 */

/** Cosignatures, pages to duty officers and mail of one act are done before the next is sent. */
const settle = () => pause(200)

const warmUps = 25
const pairs = Number(process.argv[2] ?? 110)

/** Listens as an open page does, and asks for the act as soon as its node says that the space changed. */
async function watch(desk: Desk, space: string) {
  const response = await desk.ask(`/live?topic=space:${space}`, { headers: { accept: 'text/event-stream' } })
  if (!response.ok || !response.body) throw new Error(`no live stream: ${response.status}`)
  let heard: () => void = () => {}
  const reading = (async () => {
    for await (const _ of response.body as unknown as AsyncIterable<Uint8Array>) heard()
  })()
  reading.catch(() => undefined)
  return async function sees(type: string, index: number): Promise<string> {
    for (;;) {
      const news = new Promise<void>((resolve) => {
        heard = resolve
      })
      const answer = await desk.ask(`/api/v1/spaces/${space}/acts?from=${index}&limit=5`)
      const { acts } = (await answer.json()) as { acts: { hash: string; type: string }[] }
      const found = acts.find((act) => act.type === type)
      if (found) return found.hash
      await Promise.race([news, pause(2_000)])
    }
  }
}

async function post(desk: Desk, path: string, fields: Record<string, string>): Promise<void> {
  const answer = await desk.ask(path, { method: 'POST', body: new URLSearchParams(fields) })
  if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
}

const { aurelia, borovia, space, end } = await launchPair()
try {
  const [seenByAurelia, seenByBorovia] = [await watch(aurelia, space), await watch(borovia, space)]
  const samples = { there: [] as number[], back: [] as number[] }
  const answered = { there: [] as number[], back: [] as number[] }
  let index = 1
  for (let round = 0; round < warmUps + pairs; round += 1) {
    const isMeasured = round >= warmUps
    const called = performance.now()
    const calling = post(aurelia, `/spaces/${space}/checks`, { id: newId(), within: 'PT1H' }).then(
      () => performance.now() - called,
    )
    const check = await seenByBorovia('channels.check-called', index)
    if (isMeasured) samples.there.push(performance.now() - called)
    const callTook = await calling
    if (isMeasured) answered.there.push(callTook)
    await seenByAurelia('channels.check-called', index)
    await settle()
    const replied = performance.now()
    const replying = post(borovia, `/spaces/${space}/checks/${check}/answer`, { id: newId() }).then(
      () => performance.now() - replied,
    )
    await seenByAurelia('channels.check-answered', index + 1)
    if (isMeasured) samples.back.push(performance.now() - replied)
    const replyTook = await replying
    if (isMeasured) answered.back.push(replyTook)
    await seenByBorovia('channels.check-answered', index + 1)
    index += 2
    await settle()
  }
  const all = [...samples.there, ...samples.back]
  process.exitCode = printFigures(`"send" on one node to visible on the other, ${all.length} sends`, [
    { what: 'p50', value: percentile(all, 0.5), unit: 'ms', limit: 75 },
    { what: 'p99', value: percentile(all, 0.99), unit: 'ms', limit: 300 },
    { what: 'p50 host to member', value: percentile(samples.there, 0.5), unit: 'ms' },
    { what: 'p50 member to host', value: percentile(samples.back, 0.5), unit: 'ms' },
    { what: 'p50 answer to the sender, at the host', value: percentile(answered.there, 0.5), unit: 'ms' },
    { what: 'p50 answer to the sender, at a member', value: percentile(answered.back, 0.5), unit: 'ms' },
  ])
} finally {
  await end()
}
process.exit()
