import { z } from 'zod'
import { addPerson, appoint, issueSignInLink, openOffice, roleIds, writeHouse } from '../../../core/auth/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { isZone } from '../../../text/index.ts'
import { authorityOf, setUpActor } from './authority.ts'
import type { SetUpServices } from './context.ts'

/** Offices and people of a party in one file, for `chancery init --household`. */
export const householdSchema = z.strictObject({
  offices: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,64}$/),
        names: z.record(z.string().max(35), z.string().min(1).max(200)),
      }),
    )
    .min(1)
    .max(100),
  people: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        email: z.email().max(254).optional(),
        role: z.enum(roleIds as [(typeof roleIds)[number], ...typeof roleIds]),
        office: z.string().max(64),
        language: z.string().max(35),
        zone: z.string().max(60).refine(isZone),
        ceiling: z.enum(tlpLabels).optional(),
      }),
    )
    .max(1000),
  publicTelephone: z.string().max(40).optional(),
  hours: z.enum(['always', 'office']).optional(),
  deputy: z.string().max(200).optional(),
  /** Name of the exercise, when the whole node serves one. */
  drill: z.string().max(200).optional(),
})

export type Household = z.infer<typeof householdSchema>

/**
 * Creates offices, people, appointments and the duty desk by the operations of
 * set-up, and returns each person's single-use link once. People who exist
 * already (by e-mail address, else by name) are left as they are and get no link.
 */
export async function applyHousehold(
  services: SetUpServices,
  household: Household,
): Promise<{ person: string; name: string; role: string; office: string; url: string; expiresAt: number }[]> {
  const authority = await authorityOf(services)
  const { offices, people, publicTelephone, hours, deputy, drill } = householdSchema.parse(household)
  return services.db.transaction().execute(async (tx) => {
    for (const { id, names } of offices) await openOffice(authority, tx, { id, name: names, by: setUpActor })
    await writeHouse(tx, { publicTelephone, hours, deputy, drill })
    const links = []
    for (const { role, office, ...person } of people) {
      const known = await tx
        .selectFrom('home.person')
        .select('id')
        .where('ended_at', 'is', null)
        .where(person.email === undefined ? 'name' : 'email', '=', person.email ?? person.name)
        .executeTakeFirst()
      if (known) continue
      const { id } = await addPerson(authority, tx, { ...person, by: setUpActor })
      await appoint(authority, tx, { person: id, office, role, by: setUpActor })
      const link = await issueSignInLink(authority, tx, { person: id, purpose: 'first', by: setUpActor })
      links.push({ person: id, name: person.name, role, office, url: link!.url, expiresAt: link!.expiresAt })
    }
    return links
  })
}
