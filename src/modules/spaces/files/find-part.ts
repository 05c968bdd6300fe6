import { Refusal } from '../../../core/http/index.ts'
import { type Marked, mayLeave, reveal } from '../../../core/markings/index.ts'
import { requireOpening } from '../../../core/module/require-opening.ts'
import type { ActContent, AttachmentBytes, LoggedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { getAct, getSpace } from '../find-space.ts'
import { readerOf, showActs } from '../show-acts.ts'

export interface FoundPart {
  space: SpaceFacts
  act: LoggedAct
  described: ActContent['attachments'][number]
  /** Reads it, through the gate once more. @throws Refusal `not-found`, `not-cleared` */
  content(): Promise<Uint8Array>
  /** The same as it is handed out, one piece in memory at a time. */
  bytes(): Promise<AttachmentBytes>
}

/**
 * One attachment, if its act and it itself may be shown to this person.
 *
 * @throws Refusal `not-found`, `not-cleared`
 */
export async function findPart({ services, viewer, params }: Visit): Promise<FoundPart> {
  const space = await getSpace(services, params.space)
  const act = await getAct(services, space, params.hash)
  const [shown] = await showActs(services, viewer, space, [act])
  if (shown?.withheld) throw new Refusal('not-cleared')
  await requireOpening(services, act)
  const described = shown?.content?.attachments.find((one) => one.hash === params.part)
  const reader = readerOf(services, viewer)
  const shownTo = <T>(marked: Marked<T> | undefined): T => {
    if (!marked) throw new Refusal('not-found')
    const revealed = reveal(marked, reader, 'page')
    if (!revealed.shown) throw new Refusal('not-cleared')
    return revealed.value
  }
  const own = described?.marking === undefined || mayLeave(described.marking, { exit: 'page', reader }).allowed
  if (described && !own) throw new Refusal('not-cleared')
  if (!described?.present) throw new Refusal('not-found')
  return {
    space,
    act,
    described,
    content: async () => shownTo(await services.ledger.attachment(act.hash, described.hash)),
    bytes: async () => shownTo(await services.ledger.attachmentPieces(act.hash, described.hash)),
  }
}
