import type { Services } from '../../core/module/types.ts'

/** An office as a reader may know it. */
export type OfficeNames = (author: string, office: string, language: string) => string

/** Names of our own offices; another party's office is its identifier, which is all an act says of it. */
export async function loadOfficeNames(services: Pick<Services, 'party' | 'people'>): Promise<OfficeNames> {
  const own = new Map((await services.people.offices({ closed: true })).map(({ id, name }) => [id, name]))
  return (author, office, language) => {
    const names = author === services.party ? own.get(office) : undefined
    return names?.[language] ?? names?.en ?? Object.values(names ?? {})[0] ?? office.replaceAll('-', ' ')
  }
}
