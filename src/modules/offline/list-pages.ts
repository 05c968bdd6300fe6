import { listNeeds } from '../../core/module/list-needs.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Services, SpaceFacts, Viewer } from '../../core/module/types.ts'
import { mayLieOnDevice } from '../../core/offline/index.ts'
import { listHeldPlans } from '../preparedness/index.ts'
import { listReadMarks, listSpaces } from '../spaces/index.ts'

const mostSpaces = 8
const mostLetters = 20
const mostPlans = 20
/** Entries of a space among which opened letters are looked for: those of its newest page. */
const newest = 100

/** What a device keeps: addresses in the order in which they are fetched, and spaces in which a form may wait on it. */
export interface DevicePages {
  pages: string[]
  spaces: string[]
}

/** For a viewer who is `keeping`: what they need at night first, then what they opened themselves lately. */
export async function listDevicePages(services: Services, viewer: Viewer): Promise<DevicePages> {
  const { keeping } = viewer
  if (!keeping) return { pages: [], spaces: [] }
  const known = (await listSpaces(services, viewer)).map(({ space }) => space)
  const spaces = known.filter((space) => mayLieOnDevice(services, space, keeping))
  const ids = spaces.map(({ id }) => id)
  const [marks, needs, plans] = await Promise.all([
    listReadMarks(services.db, viewer.person.id, ids),
    listNeeds(services, viewer, { onDevice: new Set(ids) }),
    viewer.may('incidents:read') ? listHeldPlans(services, viewer) : [],
  ])
  const recent = spaces.filter(({ id }) => (marks.get(id) ?? 0) > 0).slice(0, mostSpaces)
  const letters = await listOpened(services, viewer, recent, marks)
  const toAcknowledge = needs.mine.filter(({ href, headline }) => href.endsWith('/acknowledge') && headline !== '')
  return {
    pages: [
      ...['/offline/unsent', '/offline/not-here', '/', '/directory/now', '/directory/print'],
      ...plans.slice(0, mostPlans).map((id) => `/plans/${id}`),
      ...toAcknowledge.map(({ href }) => href),
      ...recent.map(({ id }) => `/spaces/${id}`),
      ...letters,
    ],
    spaces: ids,
  }
}

/** Letters in spaces this person has read up to their mark, newest first, that may lie on a device. */
async function listOpened(
  services: Services,
  viewer: Viewer,
  spaces: readonly SpaceFacts[],
  marks: ReadonlyMap<string, number>,
): Promise<string[]> {
  const lists = await Promise.all(
    spaces.map(async ({ id, size }) => {
      const acts = await services.ledger.acts(id, { from: Math.max(0, size - newest), limit: newest })
      return acts.filter(
        ({ index, statement }) => statement.type === 'channels.note-sent' && index < (marks.get(id) ?? 0),
      )
    }),
  )
  const opened = lists
    .flat()
    .toSorted((a, b) => b.time - a.time)
    .slice(0, mostLetters)
  const readable = await revealedContents(
    services,
    viewer,
    opened.map(({ hash }) => hash),
  )
  return opened.filter(({ hash }) => readable.has(hash)).map(({ space, hash }) => `/spaces/${space}/acts/${hash}`)
}
