import type { DatedData } from '../../core/dated-data/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { type GroundsFile, readAccessGrounds } from '../channels/index.ts'
import { legalPower } from '../clearance/index.ts'
import { listIncidents } from '../incidents/index.ts'
import { type Item, mayDraw, readItems } from './items.ts'
import { readApplicant, type Task } from './read-tasks.ts'
import { readTerms, type TermsFile } from './terms.ts'

/** What the page of a task shows besides the task. */
export interface LoadedTaskPage {
  rules: DatedData<TermsFile>
  grounds: DatedData<GroundsFile>
  /** What may be drawn into it now. */
  items: Item[]
  /** Incidents it can be tied to. */
  incidents: { id: string; name: string }[]
  people: { id: string; name: string }[]
  applicant?: { name: string; contact: string }
  /** Whether anybody of the house can give a legal clearance. */
  hasAdviser: boolean
  nameOf(person: string): string
}

export async function loadTaskPage({ services, viewer }: Visit, task: Task): Promise<LoadedTaskPage> {
  const isOpen = task.state === 'open' && viewer.may('incidents.tasks:draft')
  const linked = task.links.map(({ incident }) => incident)
  const [items, incidents, people, applicant, advisers] = await Promise.all([
    isOpen ? readItems(services, viewer, { incidents: linked, kind: task.kind }) : undefined,
    isOpen ? listIncidents(services, viewer, { limit: 100 }) : [],
    services.people.list(),
    task.kind === 'access' ? readApplicant(services, viewer, task) : undefined,
    services.people.holding(legalPower),
  ])
  const names = new Map(people.map(({ id, name }) => [id, name]))
  const drawn = new Set(task.drawn.map(({ kind, id, incident }) => `${incident} ${kind} ${id}`))
  return {
    rules: readTerms(services),
    grounds: readAccessGrounds(services),
    items: (items?.all ?? [])
      .filter((item) => mayDraw(services, viewer, item, task.marking))
      .filter(({ kind, id, incident }) => !drawn.has(`${incident} ${kind} ${id}`)),
    incidents: incidents
      .filter(({ id, state }) => state !== 'closed' && !linked.includes(id))
      .map(({ id, codeName, title }) => ({ id, name: `${codeName} · ${title}` })),
    people: people.map(({ id, name }) => ({ id, name })),
    ...(applicant && { applicant }),
    hasAdviser: advisers.length > 0,
    nameOf: (person) => names.get(person) ?? person,
  }
}
