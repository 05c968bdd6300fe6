import { openSpace, presentMembers } from '../../../protocol/index.ts'
import type { Effect, LoggedAct, SpaceFacts } from '../../module/types.ts'
import { scenarioAt } from '../drill-clock.ts'
import { isLogAct, projectGovernance, projectOpening, type ProjectionState } from '../governance.ts'
import { loadAdmission, needsBody } from '../space-state.ts'
import { sealedBody } from './body-parts.ts'
import type { Batch, Entry } from './engine.ts'

export async function projectOne(batch: Batch, state: ProjectionState, entry: Entry): Promise<LoggedAct> {
  const { act, index, time } = entry
  const effect = await effectOf(batch, state, entry)
  const facts = state.facts as SpaceFacts
  state.facts = { ...facts, size: index + 1, root: entry.root, time }
  return {
    space: facts.id,
    index,
    hash: act.hash,
    time,
    scenarioTime: scenarioAt(state.clock, time, index),
    statement: act.statement,
    ...(effect ? { withoutEffect: effect.withoutEffect } : {}),
    ...(entry.dark && !effect ? { dark: entry.dark } : {}),
  }
}

async function effectOf(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const {
    tx,
    poison,
    context: { blobs, party },
  } = batch
  const { act, index, body } = entry
  if (index === 0) {
    state.admission = openSpace(entry.leaf, body ?? null)
    const facts = { size: 1, root: entry.root, time: entry.time, hosted: state.admission.host.party === party }
    await projectOpening(tx, state, { ...entry, body: body ?? null }, facts)
    return undefined
  }
  if (poison) return { withoutEffect: 'not-projected' }
  if (isLogAct(act.statement.type)) {
    if (sealedBody(act)) return { withoutEffect: 'governance-sealed' }
    if (!state.admission || needsBody(index, act.statement.type))
      state.admission = await admissionAt(batch, state, entry)
    return projectGovernance({ blobs, tx, state }, { ...entry, body: body ?? null })
  }
  return projectModuleAct(batch, state, entry)
}

/** Judged without any key, so alike at every member and at a host that reads nothing. */
async function sealedUnfit(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const { space, author, parts } = entry.act.statement
  if (state.facts?.sealed && parts.some((part) => !part.enc)) return { withoutEffect: 'not-sealed' }
  const keySets = new Set(parts.flatMap((part) => part.enc?.keys ?? []))
  if (keySets.size === 0) return undefined
  state.admission = await admissionAt(batch, state, entry)
  const readers = presentMembers(state.admission)
  for (const keys of keySets) {
    const fits = await batch.context.sealing.reaches(batch.tx, { space, author, keys }, readers)
    if (fits === false) return { withoutEffect: 'sealed-not-for-all' }
  }
  return undefined
}

async function projectModuleAct(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const { definitions, tx } = batch
  const { act, index, time, body, root, dark } = entry
  const { statement, hash } = act
  const facts = state.facts as SpaceFacts
  const unfit = await sealedUnfit(batch, state, entry)
  if (unfit) return unfit
  const definition = definitions.get(statement.type)
  if (!definition) return { withoutEffect: 'unknown-type' }
  if (!definition.kinds.includes(facts.kind)) return { withoutEffect: 'wrong-kind' }
  if (state.closed) return { withoutEffect: 'space-closed' }
  if (dark === 'not-as-signed') return { withoutEffect: 'not-as-signed' }
  if (dark) {
    await tx.insertInto('view.dark').values({ space: facts.id, idx: index, reason: dark }).execute()
    return undefined
  }
  const parsed = definition.body.safeParse(body)
  if (!parsed.success) return { withoutEffect: 'malformed' }
  const space: SpaceFacts = { ...facts, size: index + 1, root, time }
  const scenarioTime = scenarioAt(state.clock, time, index)
  return definition.project?.(tx, { space, index, hash, statement, time, scenarioTime, body: parsed.data })
}

/** Membership and keys as they stood before this act. */
async function admissionAt({ context, tx }: Batch, state: ProjectionState, { act, index }: Entry) {
  if (state.admission) return { ...state.admission, size: index }
  return loadAdmission(tx, context.blobs, { space: act.statement.space, size: index })
}
