import { listGoneParts } from '../../core/log/index.ts'
import { type Clock, clocksAbout, openClocks } from '../../core/clocks/index.ts'
import { narrowest } from '../../core/markings/index.ts'
import type {
  ActAction,
  ActNote,
  ActFace,
  FaceProps,
  LoggedAct,
  Services,
  ShownAct,
  SpaceFacts,
  Viewer,
} from '../../core/module/types.ts'
import type { Translate } from '../../text/types.ts'
import type { ComponentChildren } from 'preact'
import { attachmentActions } from '../incidents/index.ts'
import type { Standing } from '../../core/witnessing/index.ts'
import { loadOfficeNames } from './office-names.ts'
import { loadTendered, type TenderedEntry } from './tendered.ts'
import { findDefinition, findFace, isTechnical, loadFacts, showActs } from './show-acts.ts'

/** One act as a timeline sets it. */
export interface TimelineAct {
  shown: ShownAct
  face?: ActFace
  props: FaceProps
  standing: Standing
  clocks: Clock[]
  /** Name of the office that signed, as far as it is known here. */
  office: string
  /** Parts of it that were erased, by role. */
  erased: string[]
  isUnread: boolean
  margin?: ComponentChildren
  /** What other rooms say of it. */
  notes: ActNote[]
  actions: ActAction[]
  /** Acknowledgements, confirmations and other direct answers to it. */
  answers: TimelineAct[]
}

export type TimelineItem = { kind: 'act'; act: TimelineAct } | { kind: 'record-keeping'; acts: TimelineAct[] }

export interface Timeline {
  space: SpaceFacts
  /** Scenario ms in a drill, else real ms. */
  now: number
  items: TimelineItem[]
  owedByUs: Clock[]
  owedToUs: Clock[]
  /** Narrowest marking on the page. */
  ceiling: ReturnType<typeof narrowest>
  firstUnread?: string
  /** Index of the first entry shown; earlier ones are one page back. */
  from: number
  /** Ours that are signed and not on the record yet. */
  pending: { hash: string; type: string; since: number }[]
  /** Members keep these while the host is silent. */
  tendered: TenderedEntry[]
  /** Verbs that belong to the space and to no single act. */
  verbs: ActAction[]
}

/** Entries per page. */
export const timelinePage = 100

export interface Reading {
  services: Services
  viewer: Viewer
  t: Translate
  language: string
}

/** Everything the page of a space shows, with a fixed number of queries whatever its length. */
export async function loadTimeline(
  reading: Reading,
  space: SpaceFacts,
  { from = Math.max(0, space.size - timelinePage), readTo = space.size }: { from?: number; readTo?: number } = {},
): Promise<Timeline> {
  const { services } = reading
  const logged = await services.ledger.acts(space.id, { from, limit: timelinePage })
  const [acts, open, now, pending, tendered, verbs] = await Promise.all([
    dress(reading, space, logged, readTo),
    openClocks(services.db, { space: space.id }),
    services.ledger.scenarioNow(space),
    services.outbox.pending(),
    loadTendered(reading, space),
    Promise.all(services.modules.map((module) => module.spaceActions?.(services, reading.viewer, space) ?? [])),
  ])
  const onPage = new Set([...logged, ...tendered.map((one) => one.tendered)].map((act) => act.hash))
  return {
    space,
    now,
    items: arrange(services, acts),
    owedByUs: open.filter((clock) => clock.duty === services.party),
    owedToUs: open.filter((clock) => clock.duty !== services.party),
    ceiling: narrowest(logged.map((act) => ({ tlp: act.statement.marking.tlp }))),
    firstUnread: acts.find(({ isUnread, shown: { act } }) => isUnread && !isTechnical(services, act.statement.type))
      ?.shown.act.hash,
    from,
    pending: pending.filter((one) => one.space === space.id && !onPage.has(one.hash)),
    tendered,
    verbs: verbs.flat(),
  }
}

/** Acts with their faces' facts, clocks, erasures and finality. */
export async function dress(
  reading: Reading,
  space: SpaceFacts,
  logged: readonly LoggedAct[],
  readTo: number,
): Promise<TimelineAct[]> {
  const { services, viewer, t, language } = reading
  const first = logged[0]?.index ?? 0
  const last = logged.at(-1)?.index ?? first
  const shown = await showActs(services, viewer, space, logged)
  const [facts, clocks, standingAt, erased, officeName, notes] = await Promise.all([
    loadFacts(services, viewer, shown),
    clocksAbout(
      services.db,
      logged.map((act) => act.hash),
    ),
    services.finality.standings(space, first, last),
    loadErased(services, space.id, logged),
    loadOfficeNames(services),
    Promise.all(services.modules.map((module) => module.actNotes?.(reading, shown))),
  ])
  return Promise.all(
    shown.map(async (one) => {
      const { act } = one
      const face = findFace(services, act.statement.type)
      const props: FaceProps = { shown: one, facts: facts.get(act.hash), services, viewer, t, language }
      const isReadable =
        one.withheld === undefined && one.content?.body !== undefined && act.withoutEffect === undefined
      return {
        shown: one,
        face,
        props,
        office: officeName(act.statement.author, act.statement.office, language),
        standing: standingAt(act.index),
        clocks: clocks.get(act.hash) ?? [],
        erased: act.statement.parts.filter((part) => erased.has(part.hash)).map((part) => part.role),
        isUnread: act.index >= readTo && act.statement.author !== services.party,
        notes: notes.flatMap((of) => of?.get(act.hash) ?? []),
        margin: isReadable ? await face?.margin?.(props) : undefined,
        actions: isReadable
          ? [
              ...((await face?.actions?.(props)) ?? []),
              ...attachmentActions(reading, one),
              ...(isTechnical(services, act.statement.type)
                ? []
                : services.modules.flatMap(
                    (module) => module.actActions?.(one, { party: services.party, viewer }) ?? [],
                  )),
            ]
          : [],
        answers: [],
      }
    }),
  )
}

async function loadErased(services: Services, space: string, acts: readonly LoggedAct[]): Promise<Set<string>> {
  if (acts.length === 0) return new Set()
  const within = { from: acts[0]?.index ?? 0, to: acts.at(-1)?.index ?? 0 }
  return listGoneParts(services.db, space, within)
}

/** Answers fold under what they answer, runs of record-keeping into one line; the order of the log is kept. */
export function arrange(services: Pick<Services, 'modules'>, acts: readonly TimelineAct[]): TimelineItem[] {
  const byHash = new Map(acts.map((one) => [one.shown.act.hash, one]))
  const items: TimelineItem[] = []
  for (const one of acts) {
    const { statement, hash } = one.shown.act
    const answered = answeredAct(services, one, byHash)
    if (answered) answered.answers.push(one)
    else if (isTechnical(services, statement.type)) {
      const last = items.at(-1)
      if (last?.kind === 'record-keeping') last.acts.push(one)
      else items.push({ kind: 'record-keeping', acts: [one] })
    } else items.push({ kind: 'act', act: byHash.get(hash) ?? one })
  }
  return items
}

/** The act on this page that a direct act (an acknowledgement, a confirmation) answers. */
function answeredAct(
  services: Pick<Services, 'modules'>,
  { shown: { act } }: TimelineAct,
  byHash: Map<string, TimelineAct>,
): TimelineAct | undefined {
  const definition = findDefinition(services, act.statement.type)
  if (definition?.release !== 'direct' || definition.standsAlone || act.withoutEffect !== undefined) return undefined
  const refs = act.statement.refs ?? []
  const [ref] = refs
  if (refs.length !== 1 || !ref || (ref.space !== undefined && ref.space !== act.space)) return undefined
  const answered = byHash.get(ref.act)
  return answered && answered.shown.act.index < act.index ? answered : undefined
}
