import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { hash } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import type { IncidentProse } from '../acts.ts'
import { listIncidents } from '../incident.ts'
import { id, line } from '../input-fields.ts'
import { listContests, listTakenUp } from '../queries.ts'
import { writeFact } from '../record/keep-record.ts'
import { linkSpace } from '../share/link-space.ts'
import { TakeUpPage } from './take-up-page.tsx'

const takeUpInput = z.object({ id, incident: id, words: line(1_000) })

/** What the other side contests comes home. */
export function takeUpRoutes(): Route[] {
  const path = '/incidents/contests/:contest/take-up'
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:draft',
      summary: 'Form that takes a contest into an incident',
      handle: (visit) => takeUpPage(visit, {}),
    },
    {
      method: 'POST',
      path,
      permission: 'incidents:draft',
      input: takeUpInput,
      summary: 'Take a contest into an incident',
      async handle(visit) {
        const { services, viewer, input } = visit as Visit<z.infer<typeof takeUpInput>>
        const contest = await contestOf(visit)
        const { incident, id, words } = input
        await writeFact(services, viewer, incident, { id, words, state: 'contested', act: contest.hash })
        await linkSpace(services, viewer, incident, contest.space)
        return {
          redirect: `/incidents/${incident}#contested`,
          notice: 'incidents.notice.taken-up',
          data: { id: incident },
        }
      },
      onInvalid: (visit, errors) => takeUpPage(visit, errors),
    },
  ]
}

async function contestOf({ services, params }: Visit) {
  const named = params.contest ?? ''
  const contest = hash.safeParse(named).success ? (await listContests(services.db, [named])).get(named) : undefined
  if (!contest || contest.about_author !== services.party) throw new Refusal('incidents.contest-not-found')
  return contest
}

async function takeUpPage(visit: Visit, errors: Record<string, string>): Promise<Answer> {
  const { services, viewer } = visit
  const contest = await contestOf(visit)
  const taken = (await listTakenUp(services, viewer, [contest.hash])).get(contest.hash)
  if (taken) return { redirect: `/incidents/${taken}#contested`, notice: 'incidents.notice.taken-up' }
  const space = await services.ledger.find(contest.space)
  const contents = await revealedContents<unknown, IncidentProse>(services, viewer, [contest.hash])
  const linked = await listIncidents(services, viewer, { space: contest.space })
  const others = await listIncidents(services, viewer, { drill: space?.drill !== undefined })
  const incidents = [...linked, ...others.filter((one) => !linked.some((same) => same.id === one.id))].filter(
    (one) => one.state !== 'closed',
  )
  return {
    page: (
      <TakeUpPage
        visit={visit}
        contest={contest}
        text={contents.get(contest.hash)?.text}
        incidents={incidents}
        values={visit.values ?? {}}
        errors={errors}
      />
    ),
    ...(Object.keys(errors).length > 0 && { status: 422 }),
  }
}
