import { named } from '../../core/dated-data/index.ts'
import type { Services } from '../../core/module/types.ts'
import { readCatalogue } from './catalogue.ts'
import { weighIncident } from './weigh-incident.ts'

/** The rung of the legal gate on an incident in force; empty while an answer is missing. */
export async function gateOf(services: Pick<Services, 'db' | 'settings'>, incident: string): Promise<string> {
  return (await weighIncident(services, incident)).gate.rung ?? ''
}

/** What a rung is called by the rules in force; its id where they have none of that name. */
export function rungName(services: Pick<Services, 'settings'>, rung: string, language: string): string {
  const found = readCatalogue(services).rules.rungs.find(({ id }) => id === rung)
  return found ? named(found.names, language) : rung
}
