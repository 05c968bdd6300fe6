import { z } from 'zod'
import { addStatuses, InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { endAbsence, noteAbsence } from './absences.ts'
import { gatherSheet, nextOnDuty, readSheet } from './duty-sheet.ts'
import { concerns, findHandOver, giveDuty, listHandOvers, takeDuty, withdrawHandOver } from './hand-over.ts'
import { aheadMs } from './needs.ts'
import { gapsIn, onDutyAt } from './on-duty.ts'
import { AbsencePage } from './pages/absence-page.tsx'
import { HandOverPage, TakeOverPage } from './pages/hand-over-pages.tsx'
import { RotaPage } from './pages/rota-page.tsx'
import {
  type AbsenceInput,
  absenceInput,
  type HandOverInput,
  handOverInput,
  momentOf,
  type ShiftInput,
  shiftInput,
  timesOf,
} from './rota-input.ts'
import { endShift, keepsRota, readRota, startWeeklyShifts } from './shifts.ts'

const rotaPath = '/directory/rota'
const mayKeep = ({ viewer }: Pick<Visit, 'viewer'>) => viewer.may('directory.rota:manage')

/** The rota: who is on duty, hours without anybody, absence, and duties handed on. */
export function rotaRoutes(services: Services): Route[] {
  addStatuses({ 'directory-not-on-duty': 403 })
  return [...shiftRoutes(services), ...absenceRoutes(services), ...handOverRoutes(services)]
}

function shiftRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: rotaPath,
      permission: 'directory:read',
      summary: 'Who is on duty here, and when nobody is',
      handle: (visit) => showRota(services, visit),
    },
    {
      method: 'POST',
      path: rotaPath,
      permission: 'directory.rota:manage',
      input: shiftInput,
      summary: 'Put a person on duty, now or later, once or each week',
      async handle({ input, viewer }: Visit<ShiftInput>) {
        const { id, person, rank, weeks = 1 } = input
        const { zone } = viewer.person
        const now = services.clock.now()
        const times = timesOf(input, { zone, now })
        await startWeeklyShifts(services, { id, person, rank, ...times }, { weeks, zone })
        const notice = times.fromAt > now ? 'directory.rota.planned' : 'directory.rota.on-duty-now'
        return { redirect: rotaPath, notice }
      },
      onInvalid: (visit, errors) => showRota(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/directory/rota/:shift/end',
      permission: 'directory.rota:manage',
      input: z.object({}),
      summary: 'End a shift now, or call off one to come',
      async handle({ params }) {
        await endShift(services, params.shift ?? '')
        return { redirect: rotaPath }
      },
    },
  ]
}

async function showRota(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const now = services.clock.now()
  const week = { from: now, until: now + aheadMs }
  const [rota, handOvers, isKept] = await Promise.all([
    readRota(services, week.from, week.until),
    listHandOvers(services),
    keepsRota(services),
  ])
  const onDuty = onDutyAt(rota, now)
  const isKeeper = mayKeep(visit)
  const isOnDuty = onDuty.some((shift) => shift.person === visit.viewer.person.id)
  const gaps = isKept ? gapsIn(rota, week) : []
  if (visit.wantsJson) return { data: { onDuty, gaps, absences: rota.absences } }
  return {
    page: (
      <RotaPage
        visit={visit}
        rota={rota}
        onDuty={onDuty}
        gaps={gaps}
        isKept={isKept}
        handOvers={handOvers.filter((one) => isKeeper || isOnDuty || concerns(one, visit.viewer))}
        isKeeper={isKeeper}
        isOnDuty={isOnDuty}
        id={newId()}
        errors={errors}
      />
    ),
    status: errors ? 422 : 200,
  }
}

function absenceRoutes(services: Services): Route[] {
  const show = async (visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> => ({
    page: (
      <AbsencePage
        visit={visit}
        people={await services.people.list()}
        isKeeper={mayKeep(visit)}
        id={newId()}
        errors={errors}
      />
    ),
    status: errors ? 422 : 200,
  })
  return [
    {
      method: 'GET',
      path: '/directory/rota/absence',
      permission: 'directory:read',
      summary: 'Form for an absence',
      handle: (visit) => show(visit),
    },
    {
      method: 'POST',
      path: '/directory/rota/absence',
      permission: 'signed-in',
      input: absenceInput,
      summary:
        'Note from when until when oneself, or for whoever keeps the rota somebody, is absent, and who stands in',
      async handle(visit: Visit<AbsenceInput>) {
        const { input, viewer } = visit
        const person = input.person ?? viewer.person.id
        if (person !== viewer.person.id && !mayKeep(visit)) throw new Refusal('not-permitted')
        const { zone } = viewer.person
        if (input.until === undefined) throw InvalidInput.at('until', 'directory.rota.invalid.until-when')
        const fromAt = input.from === undefined ? services.clock.now() : momentOf(input.from, zone)
        const times = { fromAt, untilAt: momentOf(input.until, zone) }
        await noteAbsence(services, viewer.person, { id: input.id, person, deputy: input.deputy, ...times })
        return { redirect: rotaPath, notice: 'directory.rota.absence.noted' }
      },
      onInvalid: show,
    },
    {
      method: 'POST',
      path: '/directory/rota/absences/:absence/end',
      permission: 'signed-in',
      input: z.object({}),
      summary: 'Whoever was absent is back; oneself, or anybody for whoever keeps the rota',
      async handle(visit) {
        const { person } = visit.viewer
        await endAbsence(services, visit.params.absence ?? '', mayKeep(visit) ? undefined : { person: person.id })
        return { redirect: rotaPath }
      },
    },
  ]
}

function handOverRoutes(services: Services): Route[] {
  const show = async (visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> => {
    const now = services.clock.now()
    const person = visit.viewer.person.id
    const rota = await readRota(services, now, now + aheadMs)
    const own = onDutyAt(rota, now).find((shift) => shift.person === person)
    if (!own) throw new Refusal('directory-not-on-duty')
    const people = (await services.people.list()).filter(({ id }) => id !== person)
    const read = await readSheet(services, visit.viewer, await gatherSheet(services, visit.viewer, own.untilAt))
    const next = nextOnDuty(rota, { person, now })
    const given = { visit, shift: own, people, read, next, id: newId(), errors }
    return { page: <HandOverPage {...given} />, status: errors ? 422 : 200 }
  }
  return [
    {
      method: 'GET',
      path: '/directory/rota/hand-over',
      permission: 'directory:read',
      summary: 'Form by which who is on duty hands it on',
      handle: (visit) => show(visit),
    },
    {
      method: 'POST',
      path: '/directory/rota/hand-over',
      permission: 'signed-in',
      input: handOverInput,
      summary: 'Offer one’s duty to somebody, with a note',
      async handle({ input, viewer }: Visit<HandOverInput>) {
        const now = services.clock.now()
        const onDuty = onDutyAt(await readRota(services, now, now), now)
        const isTheirs = onDuty.some((shift) => shift.person === viewer.person.id && shift.id === input.shift)
        // Offered already, or twice the same: whoever gave it may have been relieved meanwhile.
        if (!isTheirs && !(await findHandOver(services, input.id))) throw new Refusal('directory-not-on-duty')
        const untilAt = onDuty.find(({ id }) => id === input.shift)?.untilAt
        const sheet = await gatherSheet(services, viewer, untilAt)
        await giveDuty(services, viewer.person, { ...input, sheet })
        return { redirect: `${rotaPath}/hand-overs/${input.id}`, notice: 'directory.rota.hand-over.given' }
      },
      onInvalid: show,
    },
    {
      method: 'GET',
      path: '/directory/rota/hand-overs/:id',
      permission: 'directory:read',
      summary: 'A duty that was handed on: the note, and what is open',
      async handle(visit) {
        const found = await findHandOver(services, visit.params.id ?? '')
        if (!found || !(mayKeep(visit) || concerns(found, visit.viewer))) throw new Refusal('not-found')
        const read = found.sheet ? await readSheet(services, visit.viewer, found.sheet) : undefined
        return { page: <TakeOverPage visit={visit} handOver={found} read={read} /> }
      },
    },
    {
      method: 'POST',
      path: '/directory/rota/hand-overs/:id/take',
      permission: 'signed-in',
      input: z.object({}),
      summary: 'Take the duty that was offered to oneself',
      async handle({ params, viewer }) {
        await takeDuty(services, viewer.person, params.id ?? '')
        return { redirect: rotaPath, notice: 'directory.rota.hand-over.taken-now' }
      },
    },
    {
      method: 'POST',
      path: '/directory/rota/hand-overs/:id/withdraw',
      permission: 'signed-in',
      input: z.object({}),
      summary: 'Keep a duty that one had offered and nobody took yet',
      async handle({ params, viewer }) {
        await withdrawHandOver(services, viewer.person, params.id ?? '')
        return { redirect: rotaPath }
      },
    },
  ]
}
