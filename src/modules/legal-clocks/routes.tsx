import type { z } from 'zod'
import { checkDated } from '../../core/dated-data/index.ts'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { type Again, formRoute, type Returned } from '../frame/index.ts'
import { awareAtOf } from './aware-at.ts'
import * as inputs from './inputs.ts'
import { loadClocks } from './load-clocks.ts'
import { recordSending, writeDraft } from './notifications.ts'
import { ClocksPage } from './pages/clocks-page.tsx'
import { MatterPage } from './pages/matter-page.tsx'
import { TermPage } from './pages/term-page.tsx'
import { regimesFile, type Role } from './regimes.ts'
import { beginMatter, correctTrigger } from './triggers.ts'

const path = '/incidents/:incident/clocks'

/** Legal clocks of an incident: begun by facts, corrected without losing any, and what was sent. */
export function legalClockRoutes(services: Services): Route[] {
  // A node does not start on terms that nobody can read.
  checkDated(services, [regimesFile])
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Legal clocks of an incident',
      handle: (visit) => list(visit),
    },
    {
      method: 'GET',
      path: `${path}/:matter`,
      permission: 'incidents:read',
      summary: 'One law on an incident',
      handle: (visit) => matter(visit),
    },
    {
      method: 'GET',
      path: `${path}/:matter/:term`,
      permission: 'incidents:read',
      summary: 'One notification',
      handle: (visit) => term(visit),
    },
    form(
      '',
      'begin',
      inputs.beginInput,
      'Begin the clocks of a law',
      list,
      async ({ services: s, viewer, input: { law, ...rest } }, incident) => {
        const [regime = '', role] = law.split(':')
        await beginMatter(s, viewer, incident, { ...rest, regime, role: role as Role })
        return `/${rest.id}`
      },
    ),
    form(
      '/:matter/correct',
      'correct',
      inputs.correctInput,
      'Correct the moment of awareness',
      matter,
      async (visit, incident) => {
        await correctTrigger(visit.services, visit.viewer, incident, visit.params.matter ?? '', visit.input)
        return `/${visit.params.matter}`
      },
    ),
    form(
      '/:matter/withdraw',
      'withdraw',
      inputs.withdrawInput,
      'Withdraw a trigger',
      matter,
      async (visit, incident) => {
        await correctTrigger(visit.services, visit.viewer, incident, visit.params.matter ?? '', {
          ...visit.input,
          withdrawn: true,
        })
        return `/${visit.params.matter}`
      },
    ),
    form(
      '/:matter/:term/draft',
      'draft',
      inputs.draftInput,
      'Keep a notification as drafted',
      term,
      async (visit, incident) => {
        const { id, ...fields } = visit.input
        await writeDraft(visit.services, visit.viewer, {
          id,
          fields: fields as Record<string, string>,
          ...named(visit, incident),
        })
        return `/${visit.params.matter}/${visit.params.term}#draft`
      },
    ),
    form(
      '/:matter/:term/sent',
      'sent',
      inputs.sentInput,
      'Record that a notification was sent',
      term,
      async (visit, incident) => {
        const { sentAt: local, zone, incomplete, ...rest } = visit.input
        const sentAt = awareAtOf(local, zone, 'minute')
        if (sentAt === undefined) throw InvalidInput.at('sentAt', 'legal-clocks.invalid.no-such-time')
        await recordSending(visit.services, visit.viewer, {
          ...rest,
          sentAt,
          incomplete: incomplete === 'yes',
          ...named(visit, incident),
        })
        return `/${visit.params.matter}/${visit.params.term}#sent`
      },
    ),
  ]
}

const named = ({ params }: Pick<Visit, 'params'>, incident: string) => ({
  incident,
  matter: params.matter ?? '',
  term: params.term ?? '',
})

/** A malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

async function list(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadClocks(visit, idOf(visit))
  if (visit.wantsJson) return { data: loaded.matters }
  return { page: <ClocksPage visit={visit} loaded={loaded} returned={returned} /> }
}

async function matter(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadClocks(visit, idOf(visit))
  const one = loaded.matters.find(({ id }) => id === visit.params.matter)
  if (!one) throw new Refusal('legal-clocks.matter-not-found')
  if (visit.wantsJson) return { data: one }
  return { page: <MatterPage visit={visit} loaded={loaded} matter={one} returned={returned} /> }
}

async function term(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadClocks(visit, idOf(visit))
  const of = loaded.matters.find(({ id }) => id === visit.params.matter)
  const standing = of?.terms.find((one) => one.term.id === visit.params.term)
  if (!of || !standing) throw new Refusal('legal-clocks.matter-not-found')
  if (visit.wantsJson) return { data: standing }
  return {
    page: <TermPage visit={visit} loaded={loaded} matter={of} standing={standing} returned={returned} />,
  }
}

/** One form about the legal clocks of an incident; `act` says where to go on, below them. */
function form<S extends z.ZodType>(
  at: string,
  name: string,
  input: S,
  summary: string,
  again: Again,
  act: (visit: Visit<z.infer<S>>, incident: string) => Promise<string>,
): Route {
  const permission = 'incidents:draft'
  return formRoute(
    { path: `${path}${at}`, name, permission, input, summary, notice: 'legal-clocks.notice.saved', again },
    async (visit) => `/incidents/${idOf(visit)}/clocks${await act(visit, idOf(visit))}`,
  )
}
