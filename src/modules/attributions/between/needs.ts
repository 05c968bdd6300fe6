import { clocksAbout } from '../../../core/clocks/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { statedColumns, statesOf } from './read-between.ts'
import { replyRegime } from './projection.ts'
import '../tables.ts'

const most = 200

/** Statements of others that we said nothing to, and of ours that somebody asks us to substantiate. */
export async function betweenNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const { db, party } = services
  const rows = await db
    .selectFrom('view.attributions_stated')
    .select(statedColumns)
    .where('withdrawn_by', 'is', null)
    .where('replaced_by', 'is', null)
    .orderBy('at', 'desc')
    .limit(most)
    .execute()
  if (rows.length === 0) return []
  const [states, clocks] = await Promise.all([
    statesOf(db, rows),
    clocksAbout(
      db,
      rows.map(({ hash }) => hash),
    ),
  ])
  return [...states.values()].flatMap(({ row, answers, contests }): Need[] => {
    const said = [...answers, ...contests]
    const clock = clocks
      .get(row.hash)
      ?.find((one) => one.regime === replyRegime && one.metBy === undefined && one.cancelledBy === undefined)
    const need = {
      key: `attributions.between:${row.hash}`,
      form: 'attributions.stated.form',
      from: row.author,
      headline: '',
      subjectOf: row.hash,
      space: row.space,
    }
    if (row.author !== party) {
      if (said.some(({ author }) => author === party) || !viewer.may('attributions.attribution-answered:draft'))
        return []
      const href = `/spaces/${row.space}/write/attributions.attribution-answered?statement=${row.hash}`
      const timed = clock?.duty === party ? { clock, dueAt: clock.dueAt } : {}
      return [{ ...need, verb: 'attributions.action.answered', href, waitsFor: 'me', ...timed }]
    }
    const asked = answers.filter(({ answer }) => answer === 'substantiation-asked')
    if (asked.length > 0 && viewer.may('attributions.attribution-stated:draft')) {
      const from = asked[0]?.author
      return [
        {
          ...need,
          ...(from !== undefined && { from }),
          verb: 'attributions.needs.substantiate',
          href: actHref(row.space, row.hash),
          waitsFor: 'me',
        },
      ]
    }
    if (!clock) return []
    return [
      {
        ...need,
        from: clock.duty,
        verb: 'attributions.needs.see',
        href: actHref(row.space, row.hash),
        waitsFor: 'them',
        clock,
        dueAt: clock.dueAt,
      },
    ]
  })
}
