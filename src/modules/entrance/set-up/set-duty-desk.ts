import {
  addPerson,
  appoint,
  type House,
  type IssuedLink,
  issueSignInLink,
  type Office,
  openOffice,
  type RoleId,
  writeHouse,
} from '../../../core/auth/index.ts'
import { authorityOf, setUpActor } from './authority.ts'
import type { SetUpContext } from './context.ts'
import type { NamedPerson } from './name-administrators.ts'
import { keepProgress, readProgress } from './progress.ts'

/** Opens the desk (or renames it) and says when it is staffed, who stands in and how the public reaches it. */
export async function setDutyDesk(
  { services }: SetUpContext,
  { office, house }: { office: Office; house: House },
): Promise<void> {
  const authority = await authorityOf(services)
  await services.db.transaction().execute(async (tx) => {
    await openOffice(authority, tx, { ...office, by: setUpActor })
    await writeHouse(tx, house)
    const { offices = [] } = (await readProgress(tx))['duty-desk'] ?? {}
    await keepProgress(tx, 'duty-desk', { offices: [...new Set([...offices, office.id])] })
  })
}

/** Adds somebody to an office under one role; their single-use link is returned once. */
export async function addToOffice(
  { services }: SetUpContext,
  { office, role, ...person }: NamedPerson & { office: string; role: RoleId },
): Promise<IssuedLink | undefined> {
  const authority = await authorityOf(services)
  return services.db.transaction().execute(async (tx) => {
    await addPerson(authority, tx, { ...person, by: setUpActor })
    await appoint(authority, tx, { id: `${person.id}-${role}`, person: person.id, office, role, by: setUpActor })
    return issueSignInLink(authority, tx, {
      id: `${person.id}-first`,
      person: person.id,
      purpose: 'first',
      by: setUpActor,
    })
  })
}
