import { z } from 'zod'
import { partyName } from '../../core/module/fields.ts'
import type { Route, Services, Visit } from '../../core/module/types.ts'
import { contactKinds } from './acts.ts'
import { listContacts } from './contacts.ts'
import { DirectoryPage } from './pages/directory-page.tsx'
import { loadSheet } from './load-sheet.ts'
import { PrintPage } from './pages/print-page.tsx'
import { listOnDuty } from './rota/shifts.ts'
import { WhoAnswersPage } from './pages/who-answers-page.tsx'

const empty = z.literal('').transform(() => undefined)

const askedInput = z.object({
  party: z.union([empty, partyName]).optional(),
  kind: z.union([empty, z.enum(contactKinds)]).optional(),
  at: z.union([empty, z.iso.datetime({ local: true })]).optional(),
})

/** What was typed in the reader's zone, ms; an hour that is skipped counts as the one after it. */
function momentOf(typed: string, zone: string): number {
  return Temporal.PlainDateTime.from(typed).toZonedDateTime(zone).epochMilliseconds
}

async function shown(services: Services, visit: Visit, at?: number) {
  const [contacts, directories, peers] = await Promise.all([
    listContacts(services, visit.viewer, undefined, at),
    services.ledger.list({ kind: 'directory' }),
    services.peers.list(),
  ])
  const known = new Set([...contacts.map((one) => one.party), ...peers.map((peer) => peer.party)])
  const parties = [...known].toSorted((a, b) =>
    services.nameOf(a, visit.language).localeCompare(services.nameOf(b, visit.language), visit.language),
  )
  return { contacts, directories, parties }
}

export function directoryRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/directory',
      permission: 'directory:read',
      summary: 'Parties and their points of contact',
      async handle(visit) {
        const onDuty = await listOnDuty(services, services.clock.now())
        return {
          page: <DirectoryPage visit={visit} {...(await shown(services, visit))} onDuty={onDuty} />,
        }
      },
    },
    {
      method: 'GET',
      path: '/directory/now',
      permission: 'directory:read',
      summary: 'Who answers now, with telephone',
      input: askedInput,
      async handle(visit: Visit<z.infer<typeof askedInput>>) {
        const { party, kind, at: typed } = visit.input
        const at = typed === undefined ? undefined : momentOf(typed, visit.viewer.person.zone)
        const asked = { ...(party && { party }), ...(kind && { kind }), ...(at !== undefined && { at }) }
        return { page: <WhoAnswersPage visit={visit} {...(await shown(services, visit, at))} asked={asked} /> }
      },
      // The answer for another hour, party or matter would be taken for the one that was kept.
      keep: ({ query }) => query.size === 0,
      async onInvalid(visit, errors) {
        const values = visit.input as Record<string, unknown>
        return {
          page: (
            <WhoAnswersPage
              visit={visit}
              {...(await shown(services, visit))}
              asked={{}}
              errors={errors}
              values={values}
            />
          ),
        }
      },
    },
    {
      method: 'GET',
      path: '/directory/print',
      permission: 'directory:read',
      summary: 'All contacts with hours and telephones, made to be printed and kept',
      handle: async (visit) => ({ page: <PrintPage visit={visit} sheet={await loadSheet(services, visit.viewer)} /> }),
      keep: () => true,
    },
    {
      method: 'GET',
      path: '/api/v1/contacts',
      permission: 'directory:read',
      summary: 'Points of contact that stand in our directories',
      handle: async ({ viewer }) => ({ data: await listContacts(services, viewer) }),
    },
  ]
}
