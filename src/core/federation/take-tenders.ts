import {
  type Act,
  type Envelope,
  fromBase64url,
  limits,
  openBlob,
  type Part,
  ProtocolError,
  readTenderReceipt,
  signTenderReceipt,
} from '../../protocol/index.ts'
import type { SpaceHead } from '../log/index.ts'
import { requireMembership } from './access.ts'
import { messageLimits, type TenderAnswer, tendersMessage } from './messages.ts'
import { type Incoming, jsonResponse, NoAnswer, readJsonBody } from './route.ts'
import type { RouteContext } from './route-context.ts'

/** `POST tenders`: a member asks us to keep acts that the host does not take, one answer per act. */
export async function takeTenders(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const head = await requireMembership(context.ledger, params.space!, peer!)
  if (head.hosted) throw new NoAnswer(409, 'the space is hosted here: hand the acts in')
  const message = tendersMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, `tenders: at most ${messageLimits.tenders} envelopes`)
  const { acts, blobs = {}, receipts = [] } = message.data
  const answers: TenderAnswer[] = []
  for (const envelope of acts) answers.push(await keep(context, head, { envelope, blobs, peer: peer! }))
  const news = await keepReceipts(context, head, receipts)
  if (news || answers.some((answer) => answer.state === 'kept')) context.tenderChanged(head.space)
  return jsonResponse({ answers })
}

interface Tendered {
  envelope: unknown
  blobs: Record<string, string>
  peer: string
}

async function keep(context: RouteContext, head: SpaceHead, tendered: Tendered): Promise<TenderAnswer> {
  try {
    return await judgeAndKeep(context, head, tendered)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { state: 'refused', hash: '', rule: error.rule, detail: error.detail }
  }
}

async function judgeAndKeep(
  context: RouteContext,
  head: SpaceHead,
  { envelope, blobs, peer }: Tendered,
): Promise<TenderAnswer> {
  const { ledger, identity, tenders } = context
  const judged = await ledger.judge(head.space, envelope)
  if (!judged) throw new NoAnswer(404, 'not found')
  const { act, verdict, onRecord } = judged
  const refused = (rule: string, detail: string): TenderAnswer => ({ state: 'refused', hash: act.hash, rule, detail })
  if (onRecord) return { state: 'on-record', hash: act.hash }
  if (verdict.verdict !== 'admissible') return refused(verdict.rule, verdict.detail)
  if (act.statement.author === identity.party) return refused('own-act', act.hash)
  const [known] = await tenders.receipts([act.hash]).then((all) => all.filter((one) => one.party === identity.party))
  if (known) return { state: 'kept', hash: act.hash, receipt: known.receipt }
  const given = givenBlobs(act, blobs)
  if (typeof given === 'string') return refused('part-missing', given)
  return (await store(context, head, { act, given, peer })) ?? refused('too-many', act.statement.author)
}

/** Payloads of the act that came along and hold; the commitment of its body if that is not among them. */
function givenBlobs(act: Act, blobs: Record<string, string>): Map<string, Uint8Array> | string {
  const given = new Map<string, Uint8Array>()
  for (const part of act.statement.parts) {
    for (const commitment of blobsOf(part)) {
      const text = Object.hasOwn(blobs, commitment) ? blobs[commitment] : undefined
      if (text === undefined) continue
      const blob = fromBase64url(text)
      openBlob(blob, commitment)
      given.set(commitment, blob)
    }
  }
  const body = act.statement.parts.find((part) => part.role === 'body')
  const missing = body && blobsOf(body).find((commitment) => !given.has(commitment))
  return missing ?? given
}

/** Under which commitments a part lies with those that hold it. */
export function blobsOf({ hash, enc }: Part): string[] {
  return enc ? [enc.hash, enc.keys] : [hash]
}

async function store(
  { db, blobs, clock, identity, ledger, tenders }: RouteContext,
  head: SpaceHead,
  { act, given, peer }: { act: Act; given: Map<string, Uint8Array>; peer: string },
): Promise<TenderAnswer | undefined> {
  const { statement, hash, envelope } = act
  const since = clock.now()
  const sizeBytes = [...given.values()].reduce((sum, blob) => sum + blob.byteLength, 0)
  const { space, size, root } = head
  const key = await ledger.actKey(space)
  const receipt = signTenderReceipt(
    { v: 1, space, act: hash, by: identity.party, at: since, seen: { size, root } },
    key,
  )
  return db.transaction().execute(async (tx) => {
    if (!(await tenders.hasRoom(tx, { space, author: statement.author, sizeBytes }))) return undefined
    for (const [commitment, blob] of given) await blobs.put(tx, commitment, blob)
    await tenders.add(tx, { hash, statement, envelope, sizeBytes, from: peer, since })
    await tenders.addReceipt(tx, { act: hash, party: identity.party, at: since, receipt })
    return { state: 'kept', hash, receipt }
  })
}

/** True if one of them said something new. */
async function keepReceipts(
  { db, ledger, tenders }: RouteContext,
  { space }: SpaceHead,
  receipts: readonly Envelope[],
): Promise<boolean> {
  if (receipts.length === 0) return false
  const members = await ledger.members(space)
  let isNew = false
  for (const receipt of receipts.slice(0, limits.members)) {
    const said = readTenderReceipt(receipt, (party) => members.find((one) => one.party === party)?.act ?? [])
    const about = said?.space === space ? await tenders.find(said.act) : undefined
    if (!said || !about || about.author === said.by) continue
    const { act, by, at } = said
    isNew = (await tenders.addReceipt(db, { act, party: by, at, receipt })) || isNew
  }
  return isNew
}
