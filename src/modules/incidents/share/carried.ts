import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** A line of the record that went into a letter, and what became of it. */
export interface Carried {
  space: string
  /** `written`: in a draft. `sent`: on the record, word for word. `changed`: the letter went without these words. */
  state: 'written' | 'sent' | 'changed'
  act?: string
  at: number
}

/** What of an incident was put into letters, by key of the item (`fact-…`); drafts that went are not there. */
export async function listCarried(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<Map<string, Carried[]>> {
  const rows = await services.db
    .selectFrom('home.incidents_carried')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .orderBy('at')
    .orderBy('draft')
    .execute()
  if (rows.length === 0) return new Map()
  const drafts = new Map(
    await Promise.all(
      [...new Set(rows.map(({ draft }) => draft))].map(async (id) => [id, await services.drafts.find(id)] as const),
    ),
  )
  const acts = [...drafts.values()].flatMap((draft) => draft?.actHash ?? [])
  const contents = await revealedContents<unknown, { paragraphs?: string[] }>(services, viewer, acts)
  const found = rows.flatMap((row) => {
    const draft = drafts.get(row.draft)
    if (!draft || draft.state === 'discarded') return []
    const { actHash: act } = draft
    const said = act === undefined ? undefined : contents.get(act)?.text?.paragraphs
    const state = act === undefined ? 'written' : said?.includes(row.words) ? 'sent' : 'changed'
    const carried: Carried = { space: row.space, state, at: row.at, ...(act !== undefined && { act }) }
    return [{ key: `${row.kind}-${row.item}`, carried }]
  })
  return new Map([...Map.groupBy(found, ({ key }) => key)].map(([key, all]) => [key, all.map((one) => one.carried)]))
}

/** A draft was discarded: nothing of it went anywhere. */
export async function forgetCarried(tx: Tx, draft: string): Promise<void> {
  await tx.deleteFrom('home.incidents_carried').where('draft', '=', draft).execute()
}
