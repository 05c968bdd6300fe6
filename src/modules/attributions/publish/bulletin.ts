import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { createTranslator, languages } from '../../../text/index.ts'
import { drillSpacesOf } from '../../incidents/index.ts'
import '../tables.ts'

/** A space in which this house speaks alone, to everybody: nobody else is a member, and nobody else orders it. */
export const isBulletin = (
  { party }: Pick<Services, 'party'>,
  { kind, host, members }: Pick<SpaceFacts, 'kind' | 'host' | 'members'>,
): boolean => kind === 'bulletin' && host === party && members.every((one) => one.party === party)

/** Where this house speaks to everybody, or did; of each drill in a space of its own. */
export async function listBulletins({ db }: Pick<Services, 'db'>): Promise<string[]> {
  const rows = await db.selectFrom('home.attributions_bulletin').select('space').execute()
  return rows.map(({ space }) => space)
}

/** Opens it where it is not there yet: its title and purpose are signed, and for everybody. Two at once open one. */
export async function openBulletin(services: Services, viewer: Viewer, drill?: string): Promise<SpaceFacts> {
  const { db } = services
  // Nobody can open a space under its id first: it is no hash of anything others know.
  await db
    .insertInto('home.attributions_bulletin')
    .values({ drill: drill ?? '', space: newId() })
    .onConflict((conflict) => conflict.column('drill').doNothing())
    .execute()
  const { space } = await db
    .selectFrom('home.attributions_bulletin')
    .select('space')
    .where('drill', '=', drill ?? '')
    .executeTakeFirstOrThrow()
  return services.ledger.open({
    ...{ id: space, kind: 'bulletin', title: titleOf(services), office: viewer.office.id, members: [] },
    purpose: 'What this party says to everybody about who did it. Nobody else is a member.',
    ...(drill !== undefined && { drill: { name: drill } }),
  })
}

const titleOf = ({ party, partyName }: Pick<Services, 'party' | 'partyName'>): Record<string, string> =>
  Object.fromEntries(
    languages().map((language) => [
      language,
      createTranslator(language)('attributions.bulletin.title', {
        party: partyName[language] ?? partyName.en ?? party,
      }),
    ]),
  )

/** Under which drill each of these incidents is an exercise; real ones, and those linked to no drill, are not there. */
export async function drillNames(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<Map<string, string>> {
  const spaces = await drillSpacesOf(services, viewer, incidents)
  const named = await Promise.all(
    [...spaces].map(async ([incident, space]) => [incident, (await services.ledger.find(space))?.drill?.name] as const),
  )
  return new Map(named.flatMap(([incident, name]) => (name === undefined ? [] : [[incident, name]])))
}
