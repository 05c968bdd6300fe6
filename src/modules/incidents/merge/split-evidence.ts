import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { linesOfEvidence } from '../weigh/number-evidence.ts'
import '../tables.ts'

interface Split {
  from: string
  into: string
  rows: { evidence: readonly string[] }
}

/**
 * Moves items of evidence to the incident of a split: with their numbers, marks, grades, source, files (which follow by
 * a trigger) and what the log says of them. The hypotheses stand in both from then on, since each side is weighed by
 * itself; judgements and placings stay where people gave them.
 *
 * @throws Refusal `incidents.split-rows`
 */
export async function splitEvidence(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { from, into, rows: { evidence } }: Split,
): Promise<{ id: string; number: number }[]> {
  const ids = [...new Set(evidence)]
  if (ids.length === 0) return []
  const readable = tlpLabels.filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling))
  const { rows: moved } = await sql<{
    id: string
    number: number
  }>`update home.incidents_evidence set incident = ${into}
    where id = any(${texts(ids)}) and incident = ${from} and compartment is null and tlp = any(${texts(readable)})
      and ${inSight(services, viewer, 'home.incidents_evidence.incident')} returning id, number`.execute(tx)
  if (moved.length !== ids.length) throw new Refusal('incidents.split-rows')
  await bringHypotheses(services, viewer, tx, { from, into })
  await sql`update home.incidents_mark set hypothesis = ${copyOf('hypothesis', into)}
    where evidence = any(${texts(ids)})`.execute(tx)
  await sql`update home.incidents_regrade set incident = ${into} where evidence = any(${texts(ids)})`.execute(tx)
  await sql`update home.incidents_entry set incident = ${into} where incident = ${from} and compartment is null
    and kind = any(${texts(linesOfEvidence)})
    and (facts->>'number')::integer = any(${moved.map(({ number }) => number)}::integer[])`.execute(tx)
  return moved.toSorted((a, b) => a.number - b.number)
}

/** Hypotheses with their numbers and what became of them, so that a fresh count leaves out the same ones. */
async function bringHypotheses(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { from, into }: Pick<Split, 'from' | 'into'>,
): Promise<void> {
  await sql`insert into home.incidents_hypothesis (id, incident, number, words, by_person, at)
    select ${copyOf('h.id', into)}, ${into}, h.number, h.words, h.by_person, h.at
    from home.incidents_hypothesis h where h.incident = ${from} and ${inSight(services, viewer, 'h.incident')}`.execute(
    tx,
  )
  await sql`insert into home.incidents_hypothesis_step (id, incident, hypothesis, kind, same_as, why, by_person, at)
    select ${copyOf('s.id', into)}, ${into}, ${copyOf('s.hypothesis', into)}, s.kind, ${copyOf('s.same_as', into)}, s.why,
      s.by_person, s.at
    from home.incidents_hypothesis_step s where s.incident = ${from} and ${inSight(services, viewer, 's.incident')}
    order by s.ordinal`.execute(tx)
}

/** The id that a row gets in the new incident; nothing stays nothing. */
const copyOf = (column: string, into: string) => sql<string>`md5(${sql.ref(column)} || ${into})`
