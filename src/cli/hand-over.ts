import type { House } from '../app/open-house.ts'
import { draftHandOver, loadOrdering } from '../modules/spaces/index.ts'
import { type Call, Misuse } from './command.ts'
import { personNamed } from './person-named.ts'

/**
 * `chancery space hand-over <space>`: who orders it and who is to. With --to a person drafts and submits what our party
 * says of it; with --release a second person releases that draft.
 */
export async function runHandOver(call: Call, house: House): Promise<void> {
  const { services } = house.node
  const { to, release } = call.options
  const [, id = ''] = call.words
  const space = await services.ledger.find(id)
  if (!space) throw new Misuse(`There is no space ${id} here.`)
  const viewer = await personNamed(house, call.options.by)
  if (typeof release === 'string') {
    const draft = await services.drafts.find(release)
    if (draft?.space !== space.id) throw new Misuse(`There is no draft ${release} in this space.`)
    const released = await services.drafts.release(viewer, draft.id, draft.approval)
    const until = released.holdUntil === undefined ? '' : ` until ${new Date(released.holdUntil).toISOString()}`
    call.say(`${draft.id}: ${released.state}${until}`)
    call.tell({ draft: draft.id, state: released.state, holdUntil: released.holdUntil })
    return
  }
  if (typeof to === 'string') {
    const draft = await draftHandOver(services, viewer, { space, to })
    call.say(`${draft.id}: ${draft.state}. A second person releases it: --release ${draft.id} --by <name>`)
    call.tell({ draft: draft.id, state: draft.state })
    return
  }
  const ordering = await loadOrdering(services, viewer, space)
  const silent =
    ordering.silentSince === undefined ? '' : `, silent since ${new Date(ordering.silentSince).toISOString()}`
  call.say(`${ordering.host} orders it since entry ${ordering.since}${silent}`)
  for (const { party, from } of ordering.former) call.say(`before: ${party}, from entry ${from}`)
  for (const { party, isOffered, voices } of ordering.offers)
    call.say(
      `${party} ${isOffered ? 'offers' : 'has not offered'}: ${voices.map((one) => one.party).join(', ')} (${voices.length} of ${ordering.needed} needed without ${ordering.host})`,
    )
  call.tell(ordering)
}
