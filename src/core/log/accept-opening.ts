import {
  type Act,
  isGovernance,
  leafBytes,
  maxAuthorAheadMs,
  openBlob,
  openSpace,
  presentMembers,
  ProtocolError,
  readEnvelope,
  signRefusal,
  spaceOpenedBody,
} from '../../protocol/index.ts'
import { isSealedOpening, mostOpeningBytes, type OpeningContext, storeHosted } from './opening.ts'
import { readReceipt } from './reading.ts'
import { parsePart } from './space-state.ts'
import type { Sequenced } from './types.ts'

/** What another party asks us to order: entry 0 and the blob of its body. */
export interface OfferedSpace {
  envelope: unknown
  /** Salt ‖ content. */
  body: Uint8Array
}

/**
 * Host path of entry 0 that somebody else signed. We order for pinned parties alone, and what we may not read ourselves
 * must be sealed. The same opening again gets the same receipt.
 */
export async function acceptOpening(context: OpeningContext, space: string, offered: OfferedSpace): Promise<Sequenced> {
  let act: Act | undefined
  try {
    act = readEnvelope(offered.envelope)
    const repeated = await findReceipt(context, space, act)
    if (repeated) return repeated
    if (context.gate.isShut(space)) return { state: 'unavailable', hash: act.hash, reason: 'gate-shut' }
    const { leaf, blob } = await judge(context, space, act, offered.body)
    await storeHosted(context, leaf, [blob])
    const answer = await findReceipt(context, space, act)
    if (!answer) throw new HostRefusal('id-taken', space)
    return { ...answer, repeated: false }
  } catch (error) {
    if (!(error instanceof ProtocolError) && !(error instanceof HostRefusal)) throw error
    return refusalOf(context, space, { hash: act?.hash ?? '', rule: error.rule, detail: error.message })
  }
}

async function judge(context: OpeningContext, space: string, act: Act, body: Uint8Array) {
  const { identity, clock } = context
  const { statement } = act
  const now = clock.now()
  if (statement.space !== space) throw new ProtocolError('wrong-space', statement.space)
  if (statement.at > now + maxAuthorAheadMs) throw new HostRefusal('author-time-ahead', `${statement.at} at ${now}`)
  const [part] = statement.parts
  if (!isGovernance(statement.type) || !part || statement.parts.length !== 1) {
    throw new HostRefusal('opening-type', statement.type)
  }
  if (body.length > mostOpeningBytes) throw new HostRefusal('body-too-long', `${body.length} bytes`)
  const content = parsePart(openBlob(body, part.hash))
  const leaf = leafBytes({ v: 1, time: now, envelope: act.envelope })
  const admission = openSpace(leaf, content)
  const { host, opener } = admission
  if (host.party !== identity.party || !identity.held(host.key)) {
    throw new HostRefusal('host-origin', host.party)
  }
  const mayRead = presentMembers(admission).includes(identity.party)
  if (!mayRead && !isSealedOpening(content)) throw new HostRefusal('host-must-not-read', space)
  for (const { party, register, act: key } of spaceOpenedBody.parse(content).members) {
    if (party === identity.party) continue
    const known = await context.knownParty(party)
    if (known?.state !== 'pinned' || known.first !== register.first) throw new HostRefusal('not-pinned-here', party)
    if (party === opener && !known.actKeys.includes(key.key)) throw new HostRefusal('unknown-key', party)
  }
  return { leaf, blob: { commitment: part.hash, blob: body } }
}

async function findReceipt({ db, gate }: OpeningContext, space: string, act: Act) {
  const entry = await db
    .selectFrom('log.entry as e')
    .innerJoin('log.space as s', 's.space', 'e.space')
    .select(['e.idx', 'e.time', 's.size', 's.root'])
    .where('e.space', '=', space)
    .where('e.act_hash', '=', act.hash)
    .where('s.hosted', '=', true)
    .executeTakeFirst()
  if (!entry) return undefined
  // Another process may have committed it a moment ago: nothing signed leaves before a guard holds it.
  await gate.ensure([{ space, size: entry.size, root: entry.root.toString('base64url') }])
  const receipt = await readReceipt(db, act.hash)
  if (!receipt) return undefined
  const { idx: index, time } = entry
  return { state: 'on-record' as const, hash: act.hash, index, time, receipt, repeated: true }
}

function refusalOf(
  { identity, clock }: OpeningContext,
  space: string,
  { hash, rule, detail }: { hash: string; rule: string; detail: string },
): Sequenced {
  const said = detail.slice(0, 500).toWellFormed()
  const refusal = signRefusal({ v: 1, space, act: hash, rule, detail: said, at: clock.now() }, identity.keys.host)
  return { state: 'refused', hash, rule, detail: said, refusal }
}

class HostRefusal extends Error {
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(detail)
    this.rule = rule
  }
}
