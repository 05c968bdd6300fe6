import { z } from 'zod'
import { fulfil, startClock } from '../../core/clocks/index.ts'
import { hash } from '../../core/module/fields.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import { emergencyConfirmed, emergencyDeclared } from '../../core/release/index.ts'
import type { Tx } from '../../core/storage/types.ts'
import './tables.ts'

export const emergencyDisowned = 'clearance.emergency-disowned'
export const confirmRegime = 'confirm-release'
/** Within it another person confirms or disowns what one person released. */
export const confirmWithinMs = 24 * 3_600_000

const body = z.strictObject({ act: hash })
type About = ProjectedAct<z.infer<typeof body>>
const kinds = ['case', 'channel', 'negotiation', 'forum', 'exercise', 'directory'] as const

async function projectDeclared(tx: Tx, act: About): Promise<Effect> {
  const { author } = act.statement
  const added = await tx
    .insertInto('view.clearance_emergency')
    .values({
      space: act.space.id,
      act: act.body.act,
      author,
      declared: act.hash,
      idx: act.index,
      at: act.scenarioTime,
      due_at: act.scenarioTime + confirmWithinMs,
      outcome: null,
      outcome_by: null,
      outcome_at: null,
    })
    .onConflict((there) => there.doNothing())
    .executeTakeFirst()
  if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0) return { withoutEffect: 'declared-already' }
  // Its own word, given with the act: nobody else asked for it.
  await startClock(tx, act, {
    regime: confirmRegime,
    source: 'agreed',
    duty: author,
    within: 'PT24H',
    about: act.body.act,
  })
  return undefined
}

async function projectOutcome(tx: Tx, act: About, outcome: 'confirmed' | 'disowned'): Promise<Effect> {
  const row = await tx
    .selectFrom('view.clearance_emergency')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('act', '=', act.body.act)
    .where('author', '=', act.statement.author)
    .executeTakeFirst()
  if (!row) return { withoutEffect: 'no-emergency' }
  if (row.outcome !== null) return { withoutEffect: 'decided-already' }
  await tx
    .updateTable('view.clearance_emergency')
    .set({ outcome, outcome_by: act.hash, outcome_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('act', '=', act.body.act)
    .where('author', '=', act.statement.author)
    .execute()
  await fulfil(tx, act, { about: act.body.act, regime: confirmRegime })
  return undefined
}

export const clearanceActs: readonly ActDefinition[] = [
  {
    type: emergencyDeclared,
    body,
    kinds,
    who: 'the author of the act',
    requires: 'not declared before; it says nothing about acts of others',
    effect: 'readers know that one person alone released it',
    clock: 'starts confirm-release for its author, 24 h',
    release: 'direct',
    project: projectDeclared,
  },
  {
    type: emergencyConfirmed,
    body,
    kinds,
    who: 'the author of the act, by another person',
    requires: 'the emergency is declared and undecided',
    effect: 'the act stands as if two had released it',
    clock: 'meets confirm-release',
    release: 'direct',
    project: (tx, act) => projectOutcome(tx, act, 'confirmed'),
  },
  {
    type: emergencyDisowned,
    body,
    kinds,
    who: 'the author of the act, by another person',
    requires: 'the emergency is declared and undecided',
    effect: 'its author withdraws it; it stays readable and says so',
    clock: 'meets confirm-release',
    release: 'direct',
    project: (tx, act) => projectOutcome(tx, act, 'disowned'),
  },
]
