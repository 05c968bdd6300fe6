import type { Tx } from '../../core/storage/types.ts'
import './tables.ts'

/** Items of evidence whose words stand in decisions and statements on an incident. */
export async function evidenceNamed(tx: Tx, incident: string): Promise<string[]> {
  const [decisions, statements] = await Promise.all([
    tx.selectFrom('home.attributions_decision').select('basis').where('incident', '=', incident).execute(),
    tx.selectFrom('home.attributions_statement').select('evidence').where('incident', '=', incident).execute(),
  ])
  const items = [...decisions.flatMap(({ basis }) => basis.evidence), ...statements.flatMap(({ evidence }) => evidence)]
  return items.map(({ id }) => id)
}
