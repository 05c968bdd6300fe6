import { randomBytes } from 'node:crypto'
import { sha256, toBase64url } from '../../src/protocol/index.ts'
import type { Stage, StagedAdversary, StageNode } from './scene.ts'

/** One member is given nothing any more. The others are. */
export const withheldEntries: StagedAdversary = {
  name: 'withheld entries',
  rows: [3],
  evidence: 'nothing',
  async strike({ house, host, members, space, send }) {
    const victim = members[0]!.name
    house.wire.door(host.name, async (from, request, inside) => {
      if (from !== victim) return inside(request)
      const isAsked = request.method === 'GET' && new URL(request.url).pathname.startsWith(`/fed/v1/spaces/${space}/`)
      return isAsked ? notFound() : bareAnswer(await inside(request))
    })
    send(host, 'not for everybody')
  },
  endured: allReachTheHost,
}

/** A payload is not what its statement promises. */
export const wrongPayload: StagedAdversary = {
  name: 'wrong payload',
  rows: [20],
  evidence: 'nothing',
  async strike({ house, host, members, send }) {
    const victim = members[0]!.name
    house.wire.door(host.name, async (from, request, inside) => {
      if (from !== victim) return inside(request)
      const isPayload = request.method === 'GET' && new URL(request.url).pathname.includes('/blobs/')
      return isPayload ? new Response(new Uint8Array(randomBytes(64))) : bareAnswer(await inside(request))
    })
    send(host, 'with words')
  },
  // What was said is known and signed; the victim keeps no false payload, and confirms none that it lacks.
  async endured({ house, host, members, space }) {
    const victim = members[0]!
    const { ledger } = victim.now
    await house.run(2_000)
    for (const act of await ledger.acts(space)) {
      for (const [commitment, blob] of await ledger.payload(act.hash))
        if (toBase64url(sha256(blob)) !== commitment)
          return `the victim believes a payload of entry ${act.index} that is not the promised one`
    }
    return confirmsUnseen({ host, victim, space })
  },
}

/** A payload is said to be nowhere. */
export const withheldPayload: StagedAdversary = {
  name: 'withheld payload',
  rows: [20],
  evidence: 'nothing',
  async strike({ house, host, members, send }) {
    const victim = members[0]!.name
    house.wire.door(host.name, async (from, request, inside) => {
      if (from !== victim) return inside(request)
      const isPayload = request.method === 'GET' && new URL(request.url).pathname.includes('/blobs/')
      return isPayload ? notFound() : bareAnswer(await inside(request))
    })
    send(host, 'with words')
  },
  async endured({ house, host, members, space }) {
    await house.run(2_000)
    return confirmsUnseen({ host, victim: members[0]!, space })
  },
}

/** Another member may have given what the host kept back: then nothing is missing. */
async function confirmsUnseen({
  host,
  victim,
  space,
}: {
  host: StageNode
  victim: StageNode
  space: string
}): Promise<string | undefined> {
  const [missing] = await victim.now.ledger.missingParts(space)
  if (!missing) return undefined
  const confirmed = await host.now.ledger.finality(space, missing.index)
  return confirmed.some(({ party }) => party === victim.party) ? 'the victim confirms what it does not have' : undefined
}

function notFound(): Response {
  return Response.json({ status: 404 }, { status: 404 })
}

/** An answer with neither the entries that would come along with it nor their payloads. */
async function bareAnswer(answer: Response): Promise<Response> {
  if (!answer.ok || !answer.headers.get('content-type')?.includes('json')) return answer
  const bare = (key: string, value: unknown) => (key === 'newest' ? undefined : key === 'blobs' ? {} : value)
  return new Response(JSON.stringify(await answer.json(), bare), { headers: answer.headers })
}

async function allReachTheHost({ host, members, space }: Stage): Promise<string | undefined> {
  const { size } = (await host.now.ledger.head(space))!
  for (const { name, now } of members) {
    const held = (await now.ledger.head(space))?.size
    if (held !== size) return `${name} has ${held} of ${size} entries, and another member has them all`
  }
  return undefined
}
