import { openClocks } from '../../../core/clocks/index.ts'
import type { Need, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { agreedEscalation } from '../../spaces/index.ts'
import { listNotes, type NoteRow } from '../queries.ts'

/** A note that nobody acknowledged in the time agreed, in a space that says to whom one then turns. */
interface Unacknowledged {
  space: SpaceFacts
  note: NoteRow
  dueAt: number
  to: NonNullable<ReturnType<typeof agreedEscalation>>
}

type Reads = Pick<Services, 'db' | 'ledger'>

async function listUnacknowledged({ db, ledger }: Reads): Promise<Unacknowledged[]> {
  const clocks = (await openClocks(db, { regime: 'acknowledge' })).filter(({ source }) => source === 'agreed')
  if (clocks.length === 0) return []
  const among = [...new Set(clocks.map(({ space }) => space))]
  const spaces = (await ledger.list({ among })).filter(({ terms }) => terms.escalatesTo !== undefined)
  const nows = new Map(
    await Promise.all(spaces.map(async (space) => [space.id, await ledger.scenarioNow(space)] as const)),
  )
  const over = clocks.filter(({ space, dueAt }) => (nows.get(space) ?? Number.NEGATIVE_INFINITY) >= dueAt)
  const notes = await listNotes(
    db,
    over.map(({ about }) => about),
  )
  return over.flatMap(({ space: id, about, dueAt }): Unacknowledged[] => {
    const space = spaces.find((one) => one.id === id)
    const note = notes.get(about)
    const to = space && note && agreedEscalation(space, [note.author, note.addressee])
    return to ? [{ space, note, dueAt, to }] : []
  })
}

/**
 * What was agreed for the case that nobody acknowledges: its sender turns to another kind of contact of the addressee,
 * or the secretariat follows it up.
 */
export async function escalationNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { party } = services
  if (!viewer.may('channels.note-sent:draft') && !viewer.may('channels.note-acknowledged:send')) return []
  return (await listUnacknowledged(services)).flatMap(({ space, note, dueAt, to }): Need[] => {
    const isOurs = to === 'secretariat' ? space.host === party : note.author === party
    if (!isOurs) return []
    return [
      {
        key: `escalation:${note.hash}`,
        verb: to === 'secretariat' ? 'delivery.action.follow-up' : 'delivery.action.turn-to',
        form: to === 'secretariat' ? 'delivery.needs.secretariat' : `directory.kind.${to}`,
        from: note.addressee,
        headline: '',
        subjectOf: note.hash,
        href: to === 'secretariat' ? `/spaces/${space.id}#act-${note.hash}` : `/directory/parties/${note.addressee}`,
        dueAt,
        space: space.id,
        waitsFor: 'me',
      },
    ]
  })
}

/** Pages whoever may answer at the secretariat, once per note; the words of the note stay where they are. */
export async function pageSecretariat(services: Services): Promise<void> {
  const { db, notices, people, party } = services
  const ours = (await listUnacknowledged(services)).filter(
    ({ space, to }) => to === 'secretariat' && space.host === party,
  )
  if (ours.length === 0) return
  const holding = await people.holding('channels.note-acknowledged:send')
  await db.transaction().execute(async (tx) => {
    for (const { space, note } of ours)
      for (const person of holding)
        await notices.send(tx, {
          key: `escalation:${note.hash}:${person}`,
          person,
          message: 'delivery.notice.secretariat',
          facts: { addressee: note.addressee, sender: note.author },
          link: `/spaces/${space.id}#act-${note.hash}`,
          urgency: 'page',
          ...(space.drill && { drill: space.drill.name }),
        })
  })
}
