import { sql } from 'kysely'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Draft, Services, Viewer } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import { numberedParagraphs } from './paragraphs.ts'
import './tables.ts'

type Home = Pick<Services, 'db' | 'clock'>

/** One remark with the answers to it. */
export interface Comment {
  id: string
  paragraph?: string
  excerpt?: string
  words: string
  by: string
  at: number
  settled?: { by: string; at: number }
  answers: { id: string; words: string; by: string; at: number }[]
}

/** A draft is talked over, not filled: whoever has more to say writes another draft. */
const mostPerDraft = 500

/** Comments on a draft with their answers, in the order they were made; those still open first. */
export async function listComments(db: Reader, draft: string): Promise<Comment[]> {
  const rows = await db
    .selectFrom('home.draft_comment')
    .selectAll()
    .where('draft', '=', draft)
    .orderBy('number')
    .limit(mostPerDraft)
    .execute()
  const answers = Map.groupBy(rows, (row) => row.answers)
  const comments = (answers.get(null) ?? []).map(
    (row): Comment => ({
      id: row.id,
      ...(row.paragraph !== null && { paragraph: row.paragraph }),
      ...(row.excerpt !== null && { excerpt: row.excerpt }),
      words: row.words,
      by: row.person_name,
      at: row.at,
      ...(row.settled_at !== null && { settled: { by: row.settled_by_name ?? '', at: row.settled_at } }),
      answers: (answers.get(row.id) ?? []).map(({ id, words, person_name: by, at }) => ({ id, words, by, at })),
    }),
  )
  return [...comments.filter(({ settled }) => !settled), ...comments.filter(({ settled }) => settled)]
}

/**
 * Adds a remark on the whole, on a paragraph, or an answer to one. The same id again changes nothing.
 *
 * @param about - `whole`, `paragraph:<number>` or `comment:<id>`.
 * @throws InvalidInput for a paragraph or a comment that is not there, Refusal `clearance-too-many-comments`.
 */
export async function addComment(
  { db, clock }: Home,
  { person }: Viewer,
  { id, draft, about, words }: { id: string; draft: Draft; about: string; words: string },
): Promise<void> {
  const [kind, ...rest] = about.split(':')
  const named = rest.join(':')
  const paragraph =
    kind === 'paragraph' ? numberedParagraphs(draft.text).find((one) => one.number === named) : undefined
  if (kind === 'paragraph' && !paragraph) throw InvalidInput.at('about', 'comments.invalid.paragraph')
  await db.transaction().execute(async (tx) => {
    const of = tx.selectFrom('home.draft_comment').where('draft', '=', draft.id)
    const answered =
      kind === 'comment' ? await of.select('id').where('id', '=', named).where('answers', 'is', null).execute() : []
    if (kind === 'comment' && answered.length === 0) throw InvalidInput.at('about', 'comments.invalid.comment')
    const { count } = await of.select(sql<number>`count(*)`.as('count')).executeTakeFirstOrThrow()
    if (Number(count) >= mostPerDraft) throw new Refusal('clearance-too-many-comments')
    await tx
      .insertInto('home.draft_comment')
      .values({
        id,
        draft: draft.id,
        paragraph: paragraph?.number ?? null,
        excerpt: paragraph?.excerpt ?? null,
        answers: kind === 'comment' ? named : null,
        words,
        person: person.id,
        person_name: person.name,
        at: clock.now(),
        settled_by_name: null,
        settled_at: null,
      })
      .onConflict((there) => there.column('id').doNothing())
      .execute()
  })
}

/** Marks a remark as settled, or opens it again. Who did it first stands. */
export async function settleComment(
  { db, clock }: Home,
  { person }: Viewer,
  { draft, comment, as }: { draft: string; comment: string; as: 'settled' | 'open' },
): Promise<void> {
  await db
    .updateTable('home.draft_comment')
    .set(
      as === 'settled'
        ? { settled_by_name: person.name, settled_at: clock.now() }
        : { settled_by_name: null, settled_at: null },
    )
    .where('draft', '=', draft)
    .where('id', '=', comment)
    .where('answers', 'is', null)
    .where('settled_at', as === 'settled' ? 'is' : 'is not', null)
    .execute()
}

/** What was remarked on a draft goes: it was discarded, or its document need not be kept any longer. Returns how much. */
export async function forgetComments(tx: Tx, draft: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('home.draft_comment')
    .where('draft', '=', draft)
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
