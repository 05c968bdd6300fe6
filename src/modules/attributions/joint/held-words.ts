import { actHref } from '../../../core/module/act-href.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { HeldWords, Services, Viewer } from '../../../core/module/types.ts'
import type { JointWords, TextProposedBody } from './acts.ts'
import { isUnderEmbargo } from './read-joint.ts'
import '../tables.ts'

/** Joint texts under embargo, as far as this person may read them. */
export async function heldWords(services: Services, viewer: Viewer | undefined): Promise<HeldWords[]> {
  const rows = await services.db
    .selectFrom('view.attributions_joint')
    .select(['space', 'hash', 'embargo'])
    .where('embargo', 'is not', null)
    .orderBy('at', 'desc')
    .limit(500)
    .execute()
  const spaces = [...new Set(rows.map(({ space }) => space))]
  const nows = new Map(
    await Promise.all(spaces.map(async (one) => [one, await services.ledger.scenarioNow(one)] as const)),
  )
  const held = rows.filter((row) => isUnderEmbargo({ row }, nows.get(row.space) ?? 0))
  const contents = await revealedContents<TextProposedBody, JointWords>(
    services,
    viewer ?? { ceiling: 'RED' },
    held.map(({ hash }) => hash),
  )
  return held.flatMap(({ space, hash, embargo }): HeldWords[] => {
    const text = contents.get(hash)?.text
    if (!text || embargo === null) return []
    const words = Object.entries(text.paragraphs).map(([one, said]) => [text.title[one] ?? '', ...said].join('\n'))
    return [{ key: hash, space, href: actHref(space, hash), title: text.title, until: embargo, words }]
  })
}
