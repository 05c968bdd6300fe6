import { openClocks } from '../../../core/clocks/index.ts'
import { atHome, narrowest, reveal } from '../../../core/markings/index.ts'
import { listNeeds } from '../../../core/module/list-needs.ts'
import type { ActContent, Marking, Need, Services, Viewer } from '../../../core/module/types.ts'
import { onDutyAt, type Rota } from './on-duty.ts'
import { readRota } from './shifts.ts'

/** What waits, as it stood when the duty was offered: where it is and when it is due, never a word of the matter. */
export interface SheetLine {
  /** Message key. */
  form: string
  /** Party it comes from, or is awaited of. */
  from?: string
  /** Act whose subject is read by whoever may. */
  about?: string
  href: string
  /** Scenario ms in a drill, else real ms. */
  dueAt?: number
  space?: string
  clock?: string
  regime?: string
}

/** Everything that goes over with a duty, gathered for whoever gives it. */
export interface DutySheet {
  at: number
  /** Until when the duty was planned, ms. */
  untilAt?: number
  mine: SheetLine[]
  more: number
  awaited: SheetLine[]
  moreAwaited: number
  /** What runs and asks nothing of anybody. */
  running: SheetLine[]
  /** Other deadlines of the coming hours, checks among them. */
  due: SheetLine[]
  /** Peers that did not answer, and since when. */
  silent: { party: string; since?: number }[]
  /** Signed, and waiting for a host. */
  waiting: number
  onDuty: { name: string; rank: number }[]
}

/** How far ahead deadlines go over with the duty: the next shift, ms. */
const aheadMs = 12 * 60 * 60 * 1_000
const most = { mine: 30, awaited: 30, due: 30 }

/** What is open now for whoever hands the duty on. */
export async function gatherSheet(services: Services, viewer: Viewer, untilAt?: number): Promise<DutySheet> {
  const now = services.clock.now()
  const [needs, clocks, peers, pending, rota] = await Promise.all([
    listNeeds(services, viewer, most),
    openClocks(services.db),
    services.peers.list(),
    services.outbox.pending(),
    readRota(services, now, now),
  ])
  const listed = new Set([...needs.mine, ...needs.awaited, ...needs.running].flatMap(({ clock }) => clock?.id ?? []))
  const nows = await scenarioNows(services, clocks)
  const due = clocks.filter(({ id, space, dueAt }) => !listed.has(id) && dueAt <= (nows.get(space) ?? now) + aheadMs)
  return {
    at: now,
    ...(untilAt !== undefined && { untilAt }),
    mine: needs.mine.map(lineOf),
    more: needs.more,
    awaited: needs.awaited.map(lineOf),
    moreAwaited: needs.moreAwaited,
    running: needs.running.map(lineOf),
    due: due.slice(0, most.due).map(({ id, space, about, dueAt, duty, regime }) => ({
      form: 'clocks.duty',
      regime,
      from: duty,
      about,
      href: `/spaces/${space}/acts/${about}`,
      dueAt,
      space,
      clock: id,
    })),
    silent: peers
      .filter(({ state, reachable }) => state === 'pinned' && !reachable)
      .map(({ party, unreachableSince: since }) => ({ party, ...(since !== undefined && { since }) })),
    waiting: pending.length,
    onDuty: onDutyAt(rota, now).map(({ name, rank }) => ({ name, rank })),
  }
}

function lineOf({ form, from, subjectOf, href, dueAt, space, clock }: Need & { about?: string }): SheetLine {
  return {
    form,
    href,
    ...(from !== undefined && { from }),
    ...(subjectOf !== undefined && { about: subjectOf }),
    ...(dueAt !== undefined && { dueAt }),
    ...(space !== undefined && { space }),
    ...(clock && { clock: clock.id, regime: clock.regime }),
  }
}

/** A sheet as this reader may have it on paper, and what became of its deadlines meanwhile. */
export interface ReadSheet {
  sheet: DutySheet
  /** Act hash → subject. */
  subjects: ReadonlyMap<string, string>
  /** Of all that is shown. */
  marking: Marking
  /** Clocks of the sheet that are still open. */
  open: ReadonlySet<string>
  /** (Scenario) now per space. */
  nows: ReadonlyMap<string, number>
}

/** Subjects go through the gate for each reader anew, as for any sheet that is made to be printed. */
export async function readSheet(services: Services, viewer: Viewer, sheet: DutySheet): Promise<ReadSheet> {
  const lines = [...sheet.mine, ...sheet.awaited, ...sheet.running, ...sheet.due]
  const hashes = [...new Set(lines.flatMap(({ about }) => about ?? []))]
  const [contents, clocks, nows] = await Promise.all([
    hashes.length > 0 ? services.ledger.content(hashes) : new Map(),
    openClocks(services.db),
    scenarioNows(services, lines),
  ])
  const reader = atHome(services, viewer)
  // A record of this house, whatever stands on it.
  const markings: Marking[] = [{ tlp: 'AMBER+STRICT' }]
  const subjects = [...contents].flatMap(([hash, marked]): [string, string][] => {
    const revealed = reveal(marked, reader, 'print')
    const { text } = revealed.shown ? (revealed.value as ActContent<unknown, { subject?: unknown }>) : {}
    if (typeof text?.subject !== 'string') return []
    markings.push(revealed.marking)
    return [[hash, text.subject]]
  })
  return {
    sheet,
    subjects: new Map(subjects),
    marking: narrowest(markings),
    open: new Set(clocks.map(({ id }) => id)),
    nows,
  }
}

async function scenarioNows(services: Services, of: readonly { space?: string }[]): Promise<Map<string, number>> {
  const ids = [...new Set(of.flatMap(({ space }) => space ?? []))]
  return new Map(await Promise.all(ids.map(async (id) => [id, await services.ledger.scenarioNow(id)] as const)))
}

/** Who comes next: the deputy on duty now, else whoever is planned to begin next; nobody stands in two shifts. */
export function nextOnDuty(rota: Rota, { person, now }: { person: string; now: number }): string | undefined {
  const coming = rota.shifts.find((shift) => shift.fromAt > now && shift.person !== person && !shift.endedAt)
  return coming?.person ?? onDutyAt(rota, now).find((shift) => shift.person !== person)?.person
}
