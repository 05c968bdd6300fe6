import { fromBase64url, openBlob, ProtocolError, readEnvelope } from '../../protocol/index.ts'
import { requireHostOnce } from './access.ts'
import { handoverMessage } from './messages.ts'
import { type Incoming, jsonResponse, NoAnswer, readJsonBody } from './route.ts'
import type { RouteContext } from './route-context.ts'

/** `POST handover`: the old host gives us the act after which we order the space. */
export async function takeHandover(context: RouteContext, { params, peer, body }: Incoming): Promise<Response> {
  const { ledger } = context
  const head = await requireHostOnce(ledger, params.space!, peer!)
  if (head.hosted) return jsonResponse({ state: 'hosting', size: head.size })
  if (head.host !== peer) throw new NoAnswer(409, 'only the host hands a space over')
  const message = handoverMessage.safeParse(readJsonBody(body))
  if (!message.success) throw new NoAnswer(400, 'handover: {act, size, root, blobs}')
  const { act: envelope, size, root, blobs } = message.data
  if (head.size < size) await context.heardOf(peer, head.space, size)
  const now = await ledger.head(head.space)
  if (now?.size !== size || now.root !== root) throw new NoAnswer(409, `we hold ${now?.size} entries, not ${size}`)
  await keepBody(context, envelope, blobs)
  const taken = await ledger.takeOver(head.space, [envelope])
  if (taken.state === 'refused') throw new NoAnswer(409, `${taken.rule}: ${taken.detail}`)
  context.hosting(head.space)
  return jsonResponse({ state: 'hosting', size: taken.size })
}

async function keepBody({ db, blobs }: RouteContext, envelope: unknown, given: Record<string, string>): Promise<void> {
  try {
    const body = readEnvelope(envelope).statement.parts.find((part) => part.role === 'body')
    const text = body && Object.hasOwn(given, body.hash) ? given[body.hash] : undefined
    if (!body || text === undefined) return
    const blob = fromBase64url(text)
    openBlob(blob, body.hash)
    await blobs.put(db, body.hash, blob)
  } catch (error) {
    if (error instanceof ProtocolError) throw new NoAnswer(400, error.message)
    throw error
  }
}
