/** A time of duty as it was planned, ms. */
export interface PlannedShift {
  id: string
  person: string
  /** 1 is paged first. */
  rank: number
  fromAt: number
  untilAt?: number
  endedAt?: number
  /** Why it ended before its time: `ended`, `handed-over`, `left`. */
  endedWhy?: string
}

export interface Absence {
  id: string
  person: string
  /** Who stands in; nobody: the next in the ladder is called. */
  deputy?: string
  fromAt: number
  untilAt: number
  notedAt: number
  endedAt?: number
}

/** All that decides who is on duty. */
export interface Rota {
  shifts: readonly PlannedShift[]
  absences: readonly Absence[]
  /** People of this house, by id: who has left is not among them and cannot be paged. */
  names: ReadonlyMap<string, string>
}

/** Somebody on duty. */
export interface Shift {
  id: string
  person: string
  name: string
  /** 1 is paged first. */
  rank: number
  fromAt: number
  untilAt?: number
  /** Name of who is absent, where this person stands in. */
  insteadOf?: string
  /** Since when this person is called at this place of the ladder, ms: later than `fromAt` where others fell out. */
  since: number
}

/**
 * Who is on duty at `at`, first to be paged first. Who is absent is replaced by the deputy; where there is none, or
 * where somebody left the house, the next in the ladder moves up.
 */
export function onDutyAt(rota: Rota, at: number): Shift[] {
  const planned = rota.shifts
    .filter((shift) => shift.fromAt <= at && (shift.untilAt === undefined || shift.untilAt > at))
    .toSorted((a, b) => a.rank - b.rank || b.fromAt - a.fromAt)
  const found = new Map<string, Shift>()
  const fellOut: { rank: number; at: number }[] = []
  for (const shift of planned) {
    const stands = whoStands(rota, shift, at)
    if (!stands || typeof stands === 'number') {
      if (stands) fellOut.push({ rank: shift.rank, at: stands })
      continue
    }
    if (found.has(stands.person)) continue
    const movedUpAt = Math.max(0, ...fellOut.filter(({ rank }) => rank < shift.rank).map((one) => one.at))
    found.set(stands.person, { ...stands, since: Math.max(stands.since, movedUpAt) })
  }
  return [...found.values()]
}

/** Who is called in that shift; or since when (ms) nobody is; undefined where it ended otherwise. */
function whoStands(rota: Rota, shift: PlannedShift, at: number): Shift | number | undefined {
  if (shift.endedAt !== undefined && shift.endedAt <= at) return shift.endedWhy === 'left' ? shift.endedAt : undefined
  let since = shift.fromAt
  const asked = new Set<string>()
  for (let person: string | undefined = shift.person; person !== undefined; ) {
    const name = rota.names.get(person)
    // Left, and not noted yet; or two who stand in for each other.
    if (name === undefined || asked.has(person)) break
    asked.add(person)
    const absence = absenceOf(rota, person, at)
    if (!absence) {
      const insteadOf = person === shift.person ? undefined : rota.names.get(shift.person)
      const { id, rank, fromAt, untilAt } = shift
      return { id, person, name, rank, fromAt, since, ...(untilAt && { untilAt }), ...(insteadOf && { insteadOf }) }
    }
    since = Math.max(since, absence.fromAt, absence.notedAt)
    person = absence.deputy
  }
  return since
}

/** The absence that holds at `at`; of several the one noted last. */
export function absenceOf({ absences }: Pick<Rota, 'absences'>, person: string, at: number): Absence | undefined {
  return absences
    .filter((one) => one.person === person && one.fromAt <= at && at < (one.endedAt ?? one.untilAt) && at < one.untilAt)
    .toSorted((a, b) => b.notedAt - a.notedAt)[0]
}

/** A time at which nobody is on duty, ms: from `from` up to, not including, `until`. */
export interface Gap {
  from: number
  until: number
}

/** When nobody is on duty between two moments, to the millisecond, neighbours joined. */
export function gapsIn(rota: Rota, { from, until }: Gap): Gap[] {
  const turns = [
    ...rota.shifts.flatMap((shift) => [shift.fromAt, shift.untilAt, shift.endedAt]),
    ...rota.absences.flatMap((absence) => [absence.fromAt, absence.untilAt, absence.endedAt]),
  ]
  const inside = turns.filter((at): at is number => at !== undefined && from < at && at < until)
  const edges = [from, ...new Set(inside.toSorted((a, b) => a - b)), until]
  const gaps: Gap[] = []
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const end = edges[index + 1] ?? until
    if (onDutyAt(rota, start).length > 0) continue
    const last = gaps.at(-1)
    if (last?.until === start) last.until = end
    else gaps.push({ from: start, until: end })
  }
  return gaps
}
