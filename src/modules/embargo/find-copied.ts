import type { Draft, HeldWords, Services, Viewer } from '../../core/module/types.ts'
import { copiedPassage, runsOf } from '../../core/search/index.ts'
import type { Tx } from '../../core/storage/types.ts'
import { Refusal } from '../../core/http/index.ts'
import { wordsIn } from '../originator/index.ts'
import './tables.ts'

/** So many words in a row were copied. */
export const copiedRun = 8

/** Words under an embargo of which a draft holds a passage. */
export interface Copied extends HeldWords {
  /** The longest one, as the draft writes it. */
  passage: string
}

type Asked = Pick<Draft, 'space' | 'text'>

/**
 * Passages of words under an embargo in a draft, whoever typed or pasted them, as far as this person may read those
 * words: what somebody cannot read they cannot copy. Where all members read them anyway, nothing is found.
 */
export async function findCopied(
  services: Services,
  viewer: Viewer | undefined,
  { space, text }: Asked,
): Promise<Copied[]> {
  const written = wordsIn(text).join('\n')
  if (runsOf(written, copiedRun).length === 0) return []
  const all = await Promise.all(services.modules.map((module) => module.heldWords?.(services, viewer) ?? []))
  return all
    .flat()
    .filter((one) => one.space !== space)
    .flatMap((one) => {
      const runs = new Set(one.words.flatMap((words) => runsOf(words, copiedRun)))
      const passage = copiedPassage(written, runs, copiedRun)
      return passage === undefined ? [] : [{ ...one, passage }]
    })
}

/** Why somebody lets it go all the same. */
export interface Noted {
  approval: string
  held: string[]
  why: string
  by: string
  at: number
}

export async function listNoted({ db }: Pick<Services, 'db'>, draft: string): Promise<Noted[]> {
  const rows = await db
    .selectFrom('home.embargo_noted')
    .selectAll()
    .where('draft', '=', draft)
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map(({ approval, held, why, person_name: by, at }) => ({ approval, held, why, by, at }))
}

/** What was noted of other words than these is no word about these. */
export const unnoted = (copied: readonly Copied[], noted: readonly Noted[], approval: string): Copied[] =>
  copied.filter(({ key }) => !noted.some((one) => one.approval === approval && one.held.includes(key)))

/** Keeps why it goes all the same. The same id again changes nothing. */
export async function noteCopied(
  services: Services,
  viewer: Viewer,
  said: { id: string; draft: Draft; approval: string; why: string },
): Promise<void> {
  const { id, draft, approval, why } = said
  if (draft.approval !== approval) throw new Refusal('draft.approval-differs')
  const { type, office } = draft
  if (!viewer.may(`${type}:draft` as never, office) && !viewer.may(`${type}:release` as never))
    throw new Refusal('not-permitted')
  const copied = await findCopied(services, viewer, draft)
  await services.db
    .insertInto('home.embargo_noted')
    .values({
      ...{ id, draft: draft.id, approval, why, held: copied.map(({ key }) => key) },
      ...{ person: viewer.person.id, person_name: viewer.person.name, at: services.clock.now() },
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/** What was noted about a draft goes with it. */
export async function forgetNoted(tx: Tx, draft: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('home.embargo_noted')
    .where('draft', '=', draft)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
