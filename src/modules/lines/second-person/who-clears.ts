import { devicesOf, numberOf, type PagingRule, readPagingRule } from '../../../core/paging/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { listOnDuty, type Shift } from '../../directory/index.ts'
import { incidentsNamed } from '../../incidents/index.ts'
import { handsIn } from '../clear-lines.ts'
import { isShown } from '../grounds/line-ground.ts'
import type { Line, Wording } from '../read-lines.ts'

/** How a page gets to a person: within the house always, and by what they and the house have set up. */
export type Way = 'push' | 'telephone' | 'mail'

/** Somebody who can be the second person for words they did not write. */
export interface SecondPerson {
  person: string
  name: string
  offices: Viewer['offices']
  /** Their duty, where they are on duty now. */
  duty?: Shift
  ways: Way[]
}

/**
 * Who of the house can clear these words now: they hold the power for it, may know of the incident and read what is
 * marked so, and wrote none of it. Whoever is on duty comes first, in the order in which they are paged.
 */
export async function whoClears(
  services: Services,
  viewer: Viewer,
  { line, said }: { line: Line; said: Wording },
): Promise<SecondPerson[]> {
  const holders = await services.people.viewersHolding('incidents.brief:release')
  const others = holders.filter(
    (one) =>
      one.person.id !== viewer.person.id &&
      !handsIn(line, said).includes(one.person.id) &&
      isShown(services, one, { tlp: said.marking }) &&
      isShown(services, one, { tlp: line.wording.marking }),
  )
  const known = await Promise.all(
    others.map(async (one) => (await incidentsNamed(services, one, [line.incident])).has(line.incident)),
  )
  const inSight = others.filter((_, at) => known[at])
  const [duties, rule] = await Promise.all([listOnDuty(services, services.clock.now()), readPagingRule(services.db)])
  const people = await Promise.all(
    inSight.map(async ({ person: { id, name }, offices }): Promise<SecondPerson> => {
      const duty = duties.find(({ person }) => person === id)
      return { person: id, name, offices, ...(duty && { duty }), ways: await waysTo(services, id, rule) }
    }),
  )
  const place = ({ duty }: SecondPerson) => (duty ? duties.indexOf(duty) : duties.length)
  return people.toSorted((a, b) => place(a) - place(b) || a.name.localeCompare(b.name))
}

async function waysTo({ db, people }: Services, person: string, rule: PagingRule | undefined): Promise<Way[]> {
  const [devices, number, known] = await Promise.all([
    rule?.push ? devicesOf(db, person) : [],
    rule?.hookUrl === undefined ? undefined : numberOf(db, person),
    people.find(person),
  ])
  return [
    ...(devices.length > 0 ? (['push'] as const) : []),
    ...(number === undefined ? [] : (['telephone'] as const)),
    ...(known?.email ? (['mail'] as const) : []),
  ]
}
