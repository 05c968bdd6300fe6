import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { findMeeting, saidOf } from './meetings.ts'
import './tables.ts'

type Needed = Pick<Services, 'db'>

/** Our read-outs of what an act is about (talks, a call, a note), newest first: they stay at home. */
export function ownReadOuts({ db }: Needed, about: string) {
  return db
    .selectFrom('home.talks_read_out')
    .selectAll()
    .where('proposal', '=', about)
    .orderBy('ordinal', 'desc')
    .limit(50)
    .execute()
}

/** Keeps our read-out as it is worded now; the ones before it stay. */
export async function keepReadOut(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { person }: Viewer,
  { id, about, words }: { id: string; about: string; words: string },
): Promise<void> {
  await db
    .insertInto('home.talks_read_out')
    .values({ id, words, proposal: about, person: person.id, at: clock.now() })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export interface GivenReadOut {
  party: string
  hash: string
  at: number
  /** Undefined where it is not for this reader. */
  paragraphs?: string[]
}

/** The newest read-out that each other party gave of talks, as far as this person may read it. */
export async function listGivenReadOuts(
  services: Services,
  viewer: Viewer,
  space: string,
  proposal: string,
): Promise<GivenReadOut[]> {
  const row = await findMeeting(services, space, proposal)
  if (!row) return []
  const given = (await saidOf(services, row)).filter(
    ({ kind, author }) => kind === 'read-out' && author !== services.party,
  )
  const newest = [...new Map(given.map((one) => [one.author, one])).values()]
  const contents = await revealedContents<unknown, { paragraphs?: string[] }>(
    services,
    viewer,
    newest.map(({ hash }) => hash),
  )
  return newest.map(({ author, hash, at }) => {
    const paragraphs = contents.get(hash)?.text?.paragraphs
    return { party: author, hash, at, ...(paragraphs && { paragraphs }) }
  })
}
