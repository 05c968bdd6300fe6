import { openClocks } from '../../core/clocks/index.ts'
import type { LoggedAct, Services, SpaceFacts } from '../../core/module/types.ts'

/** Steps of the way out of a dispute, in the order of the practice. */
export const stages = ['contact', 'talks', 'forum', 'norms', 'cooperation'] as const
export type Stage = (typeof stages)[number]

/** Acts on the record of a case that show a step. No other source is asked: no assessment of this house, no draft. */
const shownBy: Record<Exclude<Stage, 'forum'>, readonly string[]> = {
  contact: ['channels.note-sent', 'channels.note-acknowledged', 'calls.call-confirmed'],
  talks: ['talks.time-confirmed', 'channels.minutes-proposed', 'channels.minutes-confirmed', 'off-record.room-joined'],
  norms: ['agreements.text-proposed', 'agreements.text-agreed'],
  cooperation: ['channels.offer-accepted', 'agreements.commitment-reported', 'incidents.preservation-confirmed'],
}

/** By what a step begins where nothing shows it yet; a form of this space. */
export const begins: Partial<Record<Stage, string>> = {
  contact: 'channels.note-sent',
  talks: 'channels.minutes-proposed',
  norms: 'agreements.text-proposed',
  cooperation: 'channels.offer-made',
}

export interface Step {
  stage: Stage
  /** Acts that show it, newest last; for a forum the acts under which one was opened here. */
  acts: { space: string; hash: string; type: string; author: string; at: number }[]
}

export interface Path {
  steps: Step[]
  /** The furthest step that an act shows. */
  stands?: Stage
  /** Duties of this space that are neither met nor cancelled. */
  open: number
}

/** Where a case stands, from the acts that changed something in it and from the spaces opened under it. */
export async function loadPath({ db, ledger }: Pick<Services, 'db' | 'ledger'>, space: SpaceFacts): Promise<Path> {
  const [acts, all, clocks] = await Promise.all([
    ledger.acts(space.id, { types: Object.values(shownBy).flat(), limit: 5_000 }),
    ledger.list(),
    openClocks(db, { space: space.id }),
  ])
  const below = all.filter(({ under }) => under?.space === space.id)
  const openings = await Promise.all(
    below.map(async ({ id, kind }) => ({ kind, acts: await ledger.acts(id, { limit: 1 }) })),
  )
  const opened = (kind: SpaceFacts['kind']) => openings.filter((one) => one.kind === kind).flatMap((one) => one.acts)
  return pathOf({ acts, forums: opened('forum'), channels: opened('channel'), open: clocks.length })
}

/** The same from what was read; acts without effect and such as nobody can open here show nothing. */
export function pathOf({
  acts,
  forums,
  channels,
  open,
}: {
  acts: readonly LoggedAct[]
  /** Openings of the forums and channels under the case. */
  forums: readonly LoggedAct[]
  channels: readonly LoggedAct[]
  open: number
}): Path {
  const counted = acts.filter(({ withoutEffect, dark }) => withoutEffect === undefined && dark === undefined)
  const showing = (stage: Stage): readonly LoggedAct[] => {
    if (stage === 'forum') return forums
    const own = counted.filter(({ statement }) => shownBy[stage].includes(statement.type))
    return stage === 'cooperation' ? [...own, ...channels] : own
  }
  const steps = stages.map((stage): Step => {
    const shown = showing(stage).map(asShown)
    return { stage, acts: shown.toSorted((a, b) => a.at - b.at) }
  })
  return { steps, stands: steps.findLast((one) => one.acts.length > 0)?.stage, open }
}

const asShown = ({ space, hash, statement, scenarioTime }: LoggedAct): Step['acts'][number] => ({
  space,
  hash,
  type: statement.type,
  author: statement.author,
  at: scenarioTime,
})
