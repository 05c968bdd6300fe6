import {
  addPerson,
  appoint,
  type IssuedLink,
  issueSignInLink,
  openOffice,
  reissueFirstLink,
  type RoleId,
} from '../../../core/auth/index.ts'
import { authorityOf, setUpActor } from './authority.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress } from './progress.ts'

export const administration = {
  id: 'administration',
  name: { en: 'Administration', fr: 'Administration du système', ar: 'إدارة النظام' },
}

export interface NamedPerson {
  id: string
  name: string
  email?: string
  language: string
  zone: string
  /** A second role, never one that releases. */
  role?: RoleId
}

/** Appoints the two administrators; each gets a single-use link, returned once. */
export async function nameAdministrators(
  { services }: SetUpContext,
  people: [NamedPerson, NamedPerson],
): Promise<{ person: NamedPerson; link?: IssuedLink }[]> {
  const authority = await authorityOf(services)
  return services.db.transaction().execute(async (tx) => {
    await openOffice(authority, tx, { ...administration, by: setUpActor })
    const named = []
    for (const person of people) {
      await addPerson(authority, tx, { ...person, by: setUpActor })
      const post = { person: person.id, office: administration.id, by: setUpActor }
      await appoint(authority, tx, { ...post, id: `${person.id}-administrator`, role: 'administrator' })
      if (person.role) await appoint(authority, tx, { ...post, id: `${person.id}-${person.role}`, role: person.role })
      const link = await issueSignInLink(authority, tx, {
        id: `${person.id}-first`,
        person: person.id,
        purpose: 'first',
        by: setUpActor,
      })
      named.push({ person, link })
    }
    await keepProgress(tx, 'administrators', { people: people.map((person) => person.id) })
    return named
  })
}

/**
 * A new link for somebody whose first one was lost before it was used; the old one is void.
 *
 * @throws Refusal `recovery-needed` for somebody who has signed in before.
 */
export async function renewLink({ services }: SetUpContext, person: string): Promise<IssuedLink> {
  const link = await reissueFirstLink(await authorityOf(services), { person, by: setUpActor })
  return link!
}
