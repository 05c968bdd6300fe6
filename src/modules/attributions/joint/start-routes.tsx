import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { createTranslator, languages } from '../../../text/index.ts'
import { formRoute, type Returned } from '../../frame/index.ts'
import { getOpenIncident, linkSpace } from '../../incidents/index.ts'
import { incidentOf, path } from '../form-route.ts'
import { loadRegister } from '../load-register.ts'
import { drillNames } from '../publish/bulletin.ts'
import { StartPage } from './start-page.tsx'

const startInput = z.object({
  id: z.string().refine(isId),
  members: z.preprocess(
    (value) => (value === undefined || value === '' ? [] : [value].flat()),
    z.array(partyName).min(1, 'attributions.invalid.nobody').max(100),
  ),
  name: z.string().trim().min(1).max(300),
})

/** A joint text that can be published: a space for it alone, opened with those who may sign. */
export function startRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: `${path}/joint`,
      permission: 'spaces.open:manage',
      summary: 'The step that begins a joint attribution: who may sign, and what they see at once',
      handle: (visit) => showStart(visit),
    },
    formRoute(
      {
        path: `${path}/joint`,
        permission: 'spaces.open:manage',
        input: startInput,
        summary: 'Open a space for a joint attribution alone, and go on to its text',
        notice: 'attributions.notice.opened',
        again: showStart,
      },
      begin,
    ),
  ]
}

async function showStart(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const [register, peers] = await Promise.all([
    loadRegister(services, viewer, incidentOf(visit)),
    services.peers.list(),
  ])
  const pinned = peers.filter(({ state }) => state === 'pinned')
  return { page: <StartPage visit={visit} register={register} peers={pinned} {...(returned && { returned })} /> }
}

/** Opens the space, notes at home that it belongs to the incident, and leads to the text. The same id again is the same. */
async function begin({
  services,
  viewer,
  params,
  input,
  language,
}: Visit<z.infer<typeof startInput>>): Promise<string> {
  const incident = await getOpenIncident(services, viewer, incidentOf({ params }))
  const drill = incident.drill ? (await drillNames(services, viewer, [incident.id])).get(incident.id) : undefined
  if (incident.drill && drill === undefined) throw new Refusal('attributions.drill-without-space')
  const space = await services.ledger.open({
    ...{ id: input.id, kind: 'case', office: viewer.office.id },
    title: titleOf(input.name, language),
    purpose: 'One joint text on who did it, and nothing else: what is published of it shows nothing of other talks.',
    members: input.members.map((party) => ({ party, role: 'member' as const })),
    ...(drill !== undefined && { drill: { name: drill } }),
  })
  await linkSpace(services, viewer, incident.id, space.id)
  return `/spaces/${space.id}/write/attributions.text-proposed?publish=yes`
}

/** The name that was given by the form is known in all languages; one that was typed only in that of its writer. */
function titleOf(name: string, language: string): Record<string, string> {
  const given = (one: string) => createTranslator(one)('attributions.start.name-given')
  if (name !== given(language)) return { [language]: name }
  return Object.fromEntries(languages().map((one) => [one, given(one)]))
}
