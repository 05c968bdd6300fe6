import type { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { formRoute, type Returned } from '../frame/index.ts'
import { loadIncident } from '../incidents/index.ts'
import { beginDossier, namable, readDossiers, writeDossier } from './dossiers.ts'
import { beginDossierInput, dossierInput } from './inputs.ts'
import { DossierPage } from './pages/dossier-page.tsx'
import { DossiersPage } from './pages/dossiers-page.tsx'

import { readSanctions } from './sanctions.ts'

const path = '/incidents/:incident/options/dossiers'

/** Sanctions dossiers: one person or entity under one regime, with evidence that may be released. */
export function dossierRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Sanctions dossiers of an incident',
      handle: (visit) => list(visit),
    },
    formRoute(
      { path, input: beginDossierInput, summary: 'Begin a sanctions dossier', ...writing, again: list },
      async (visit) => {
        const incident = idOf(visit)
        const { id } = visit.input
        await beginDossier(visit.services, visit.viewer, incident, visit.input)
        return { to: `/incidents/${incident}/options/dossiers/${id}`, data: { id } }
      },
    ),
    {
      method: 'GET',
      path: `${path}/:dossier`,
      permission: 'incidents:read',
      summary: 'A sanctions dossier',
      handle: (visit) => one(visit),
    },
    formRoute(
      { path: `${path}/:dossier`, input: dossierInput, summary: 'Write a sanctions dossier', ...writing, again: one },
      async (visit) => {
        const incident = idOf(visit)
        const dossier = visit.params.dossier ?? ''
        const content = await contentOf(visit)
        await writeDossier(visit.services, visit.viewer, incident, { id: visit.input.id, dossier, content })
        return `/incidents/${incident}/options/dossiers/${dossier}`
      },
    ),
  ]
}

const writing = { permission: 'incidents:draft', notice: 'response.notice.saved' } as const

/** A malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

async function list(visit: Visit, returned?: Returned): Promise<Answer> {
  const { incident } = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const dossiers = await readDossiers(visit.services.db, incident.id)
  if (visit.wantsJson) return { data: dossiers }
  const file = readSanctions(visit.services)
  return {
    page: <DossiersPage visit={visit} incident={incident} dossiers={dossiers} file={file} returned={returned} />,
  }
}

async function load(visit: Visit) {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const dossier = (await readDossiers(visit.services.db, loaded.incident.id)).find(
    ({ id }) => id === visit.params.dossier,
  )
  const file = readSanctions(visit.services)
  const regime = file.content.regimes.find(({ id }) => id === dossier?.regime)
  if (!dossier || !regime) throw new Refusal('response.dossier-not-found')
  const evidence = namable(loaded, dossier.tlp)
  const withheld =
    loaded.weighing.evidence.filter((item) => item.withdrawnAt === undefined).length -
    evidence.length +
    loaded.withheld.evidence
  return { incident: loaded.incident, dossier, file, regime, evidence, withheld }
}

async function one(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await load(visit)
  if (visit.wantsJson) return { data: loaded.dossier }
  const by = (await visit.services.people.find(loaded.dossier.by))?.name ?? loaded.dossier.by
  return {
    page: <DossierPage visit={visit} {...loaded} by={by} returned={returned} />,
  }
}

/** Only evidence that this dossier may name is taken; what a form names beyond it is not. */
async function contentOf(visit: Visit<z.infer<typeof dossierInput>>) {
  const { regime, evidence, file } = await load(visit)
  const given = visit.input as Record<string, string | string[] | undefined>
  const text = (name: string) => (typeof given[name] === 'string' ? given[name].trim() : '')
  const named = new Set(evidence.map(({ id }) => id))
  return {
    criteria: Object.fromEntries(
      regime.criteria.map(({ id }) => [
        id,
        {
          met: ['yes', 'no'].includes(text(`${id}-met`)) ? text(`${id}-met`) : '',
          why: text(`${id}-why`),
          evidence: [given[`${id}-evidence`] ?? []].flat().filter((item) => named.has(item)),
        },
      ]),
    ),
    identifiers: Object.fromEntries(file.content.identifiers.map(({ id }) => [id, text(`identifier-${id}`)])),
    reasons: visit.input.reasons,
  }
}
