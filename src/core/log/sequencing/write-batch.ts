import type { Act } from '../../../protocol/index.ts'
import type { Tx } from '../../storage/types.ts'
import { appendRun } from './append-run.ts'
import type { Read, SequencerContext, Written } from './batch.ts'
import { type BatchFacts, brought, lookUp } from './payloads.ts'
import { freshOf, Run } from './run.ts'

export async function writeBatch(context: SequencerContext, tx: Tx, space: string, read: Read[]): Promise<Written> {
  const row = await tx.selectFrom('log.space').selectAll().where('space', '=', space).forUpdate().executeTakeFirst()
  const unavailable = !row?.hosted ? 'not-hosted' : row.frozen ? 'frozen' : context.gate.isShut(space) && 'gate-shut'
  if (!row || unavailable) {
    return { decided: read.map(() => ({ state: 'unavailable', reason: unavailable || 'not-hosted' })) }
  }
  const state = await context.states.at(tx, row)
  const facts = await lookUp(context, tx, space, read)
  const run = new Run(context, state, facts, { isSealed: row.sealed })
  const decided = read.map((one) => run.decide(one))
  const last = run.lastAct && (await endHosting(context, tx, run, { ...run.lastAct, brought: facts.brought }))
  if (run.entries.length === 0) {
    const checkpoint = await tx
      .selectFrom('log.checkpoint')
      .select('note')
      .where('space', '=', space)
      .executeTakeFirst()
    return { decided, last, ...(checkpoint ? { head: { note: checkpoint.note, state } } : {}) }
  }
  await context.blobs.putAll(tx, brought(run.entries, facts.brought))
  const head = await appendRun(context, tx, run, { before: state })
  const { payloads } = facts
  return { decided, last, ...(head ? { head, fresh: freshOf(state, run, facts), payloads } : {}) }
}

/** From here on nothing is signed for the space; the deciding act waits for the new host. */
async function endHosting(
  { clock, blobs }: SequencerContext,
  tx: Tx,
  run: Run,
  { act, to, brought: given }: { act: Act; to: string; brought: BatchFacts['brought'] },
): Promise<{ size: number; root: string }> {
  const { space, size, root } = run.admission
  await blobs.putAll(tx, brought([act.statement], given))
  await tx.updateTable('log.space').set({ hosted: false }).where('space', '=', space).execute()
  await tx
    .insertInto('log.handover')
    .values({
      space,
      act: act.hash,
      envelope: JSON.stringify(act.envelope),
      to_party: to,
      size,
      root,
      at: clock.now(),
      taken_at: null,
    })
    .onConflict((there) =>
      there.column('space').doUpdateSet((q) => ({
        act: q.ref('excluded.act'),
        envelope: q.ref('excluded.envelope'),
        to_party: q.ref('excluded.to_party'),
        size: q.ref('excluded.size'),
        root: q.ref('excluded.root'),
        at: q.ref('excluded.at'),
      })),
    )
    .execute()
  return { size, root }
}
