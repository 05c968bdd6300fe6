import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/index.ts'
import type { SetUpContext, SetUpServices } from './context.ts'

export interface PageTest {
  id: string
  person: string
  sentAt: number
  acknowledgedAt?: number
}

/** Pages somebody for real; it counts once they open the link and acknowledge. The same id again pages nobody. */
export async function startPageTest(
  { services }: SetUpContext,
  { id, person }: { id: string; person: string },
): Promise<void> {
  const { notices, db, clock } = services
  if (!notices) throw new Refusal('set-up-order')
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('home.page_test')
      .values({ id, person, sent_at: clock.now(), acknowledged_at: null })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    await notices.send(tx, {
      key: `page-test:${id}`,
      person,
      message: 'entrance.page-test.notice',
      link: `/page-test/${id}`,
      urgency: 'page',
    })
  })
}

/** Whoever holds the link acknowledges. A second click changes nothing. */
export async function acknowledgePageTest({ db, clock }: SetUpServices, id: string): Promise<PageTest | undefined> {
  await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('home.page_test')
      .set({ acknowledged_at: clock.now() })
      .where('id', '=', id)
      .where('acknowledged_at', 'is', null)
      .returning('person')
      .executeTakeFirst()
    if (row) await audit(tx, { at: clock.now(), person: row.person, what: 'page-test-acknowledged', about: row.person })
  })
  return findPageTest({ db }, id)
}

export async function findPageTest({ db }: Pick<SetUpServices, 'db'>, id: string): Promise<PageTest | undefined> {
  const row = await db.selectFrom('home.page_test').selectAll().where('id', '=', id).executeTakeFirst()
  return (
    row && { id: row.id, person: row.person, sentAt: row.sent_at, acknowledgedAt: row.acknowledged_at ?? undefined }
  )
}

/** Newest first. */
export async function listPageTests({ db }: Pick<SetUpServices, 'db'>): Promise<PageTest[]> {
  const rows = await db.selectFrom('home.page_test').selectAll().orderBy('sent_at', 'desc').limit(20).execute()
  return rows.map((row) => ({
    id: row.id,
    person: row.person,
    sentAt: row.sent_at,
    acknowledgedAt: row.acknowledged_at ?? undefined,
  }))
}
