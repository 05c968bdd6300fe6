import { Refusal } from '../../../core/http/index.ts'
import { mayLeave, reveal } from '../../../core/markings/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { getAct, getSpace } from '../find-space.ts'
import { readerOf, showActs } from '../show-acts.ts'
import { file } from './proof-page.tsx'

/** Kinds that may keep their name; anything else is handed out as bytes without a kind. */
const harmless =
  /^(?:application\/(?:pdf|zip|json|[\w.+-]*\+json(?:;version=[\d.]+)?)|text\/(?:plain|csv)|image\/(?:png|jpeg))$/

/** One attachment, if its act and it itself may be shown to this person. */
export async function downloadAttachment(visit: Visit): Promise<Answer> {
  const { services, viewer, params } = visit
  const space = await getSpace(services, params.space)
  const act = await getAct(services, space, params.hash)
  const [shown] = await showActs(services, viewer, space, [act])
  if (shown?.withheld) throw new Refusal('not-cleared')
  const described = shown?.content?.attachments.find((one) => one.hash === params.part)
  const marked = described && (await services.ledger.attachment(act.hash, described.hash))
  if (!described || !marked) throw new Refusal('not-found')
  const reader = readerOf(services, viewer)
  const revealed = reveal(marked, reader, 'page')
  const own = described.marking === undefined || mayLeave(described.marking, { exit: 'page', reader }).allowed
  if (!revealed.shown || !own) throw new Refusal('not-cleared')
  const media = harmless.test(described.media) ? described.media : 'application/octet-stream'
  return file(revealed.value, { name: described.name, media })
}
