import { named } from '../../core/dated-data/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { formatList } from '../../text/index.ts'
import { getIncident, type Incident } from '../incidents/index.ts'
import { whatOthersDid, type WhatOthersDid } from '../published-incidents/index.ts'
import { type Decision, readDecisions } from './decisions.ts'
import { type WeighedIncident, weighIncident } from './weigh-incident.ts'

export interface LoadedOptions extends WeighedIncident {
  incident: Incident
  decisions: Decision[]
  others: WhatOthersDid
  nameOf(person: string): string
  measureNames(ids: readonly string[], language: string): string
}

/** Everything the pages about options show. @throws Refusal `incidents.not-found` */
export async function loadOptions(services: Services, viewer: Viewer, id: string): Promise<LoadedOptions> {
  const incident = await getIncident(services, viewer, id)
  const [weighed, decisions, others] = await Promise.all([
    weighIncident(services, incident.id),
    readDecisions(services.db, incident.id),
    whatOthersDid(services, viewer),
  ])
  const { catalogue, answers, overrides, sheets } = weighed
  const people = [
    ...[...answers.values(), ...overrides, ...sheets.values(), ...decisions].map(({ by }) => by),
    ...overrides.flatMap(({ withdrawn }) => withdrawn?.by ?? []),
    ...decisions.flatMap(({ reviews }) => reviews.map(({ by }) => by)),
  ]
  const names = new Map(
    await Promise.all([...new Set(people)].map(async (one) => [one, (await services.people.find(one))?.name] as const)),
  )
  return {
    ...weighed,
    incident,
    decisions,
    others,
    nameOf: (person) => names.get(person) ?? person,
    measureNames: (ids, language) =>
      formatList(
        ids.map((one) => {
          const measure = catalogue.measures.find((m) => m.id === one)
          return measure ? named(measure.names, language) : one
        }),
        language,
      ),
  }
}
