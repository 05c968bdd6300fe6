import { z } from 'zod'
import { openClocks } from '../../core/clocks/index.ts'
import { listNeeds } from '../../core/module/list-needs.ts'
import type { Module, Route, Services, Visit } from '../../core/module/types.ts'
import { mayLieOnDevice } from '../../core/offline/index.ts'
import { listOnDuty } from '../../modules/directory/index.ts'
import { listViews } from '../../modules/search/index.ts'
import { listSpaces } from '../../modules/spaces/index.ts'
import { TodayPage, type TodayProps } from './today-page.tsx'

const weekMs = 7 * 24 * 60 * 60 * 1_000

async function gather(visit: Visit): Promise<TodayProps> {
  const { services, viewer, language } = visit
  const { keeping } = viewer
  const known = await listSpaces(services, viewer)
  const spaces = keeping ? known.filter(({ space }) => mayLieOnDevice(services, space, keeping)) : known
  const shownSpaces = new Set(spaces.map(({ space }) => space.id))
  const [lists, onDuty, peers, pending, clocks, notices, views] = await Promise.all([
    listNeeds(services, viewer, { onDevice: shownSpaces }),
    listOnDuty(services, services.clock.now()),
    services.peers.list(),
    services.outbox.pending(),
    openClocks(services.db),
    keeping ? [] : services.notices.unread(viewer.person.id),
    keeping ? [] : listViews(services, viewer),
  ])
  const nows = new Map(spaces.map(({ space, now }) => [space.id, now]))
  const titles = new Map(spaces.map(({ space }) => [space.id, inLanguage(space.title, language)]))
  const shown = new Set([...lists.mine, ...lists.awaited].flatMap((need) => (need.clock ? [need.clock.id] : [])))
  const drills = spaces.filter(({ space }) => space.kind !== 'directory')
  return {
    visit,
    ...lists,
    onDuty,
    silent: peers.filter((peer) => peer.state === 'pinned' && !peer.reachable),
    waiting: pending.length,
    due: clocks
      .filter((clock) => !shown.has(clock.id) && (!keeping || shownSpaces.has(clock.space)))
      .map((clock) => ({
        clock,
        now: nows.get(clock.space) ?? services.clock.now(),
        title: titles.get(clock.space) ?? '',
      }))
      .filter(({ clock, now }) => clock.dueAt <= now + weekMs)
      .toSorted((a, b) => a.clock.dueAt - a.now - (b.clock.dueAt - b.now))
      .slice(0, 20),
    nows,
    spaces: spaces
      .filter(({ unread }) => unread > 0)
      .map(({ space, unread }) => ({ id: space.id, title: titles.get(space.id) ?? '', unread })),
    notices,
    views,
    // Only a house that does nothing but exercise wears the band on its first page.
    drill: drills.length > 0 && drills.every(({ space }) => space.drill) ? drills[0]?.space.drill : undefined,
    mayWrite: viewer.may('channels.note-sent:draft'),
    mayReport: viewer.may('incidents:draft'),
  }
}

function inLanguage(title: Record<string, string>, language: string): string {
  return title[language] ?? title.en ?? Object.values(title)[0] ?? ''
}

function routes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      permission: 'signed-in',
      summary: 'What needs this person today',
      handle: async (visit) => ({ page: TodayPage(await gather(visit)) }),
      keep: () => true,
    },
    {
      method: 'GET',
      path: '/api/v1/today',
      permission: 'signed-in',
      summary: 'What needs this person and what we wait for',
      handle: async ({ viewer }) => ({ data: await listNeeds(services, viewer) }),
    },
    {
      method: 'POST',
      path: '/today/seen',
      permission: 'signed-in',
      input: z.object({}),
      summary: 'Mark notices as seen',
      async handle({ viewer }) {
        await services.notices.markRead(viewer.person.id)
        return { redirect: '/' }
      },
    },
  ]
}

/** The first page: one list out of every module. */
export const today: Module = {
  name: 'today',
  routes,
  navigation: [{ href: '/', label: 'today.navigation', permission: 'signed-in', order: 10 }],
}
