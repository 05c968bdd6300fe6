import type { ComponentChildren } from 'preact'
import { isSignedIn } from '../../core/http/index.ts'
import { deviceNamedIn } from '../../core/offline/index.ts'
import type { Permission, Visit } from '../../core/module/types.ts'
import type { Marking } from '../../protocol/types.ts'
import { formatDateTime, formatTime, languages } from '../../text/index.ts'
import {
  assetUrl,
  Layout,
  markingText,
  type NavigationGroup,
  type NavigationItem,
  type PersonLink,
} from '../../web/index.ts'

export interface FramedProps {
  visit: Visit
  title: string
  /** Path of the navigation entry this page belongs to, e.g. `/spaces`. */
  current?: string
  /** The exercise everything on this page belongs to. */
  drill?: { name: string } | string
  /** One sentence above the content; the notice a redirect left behind is shown when this is absent. */
  notice?: ComponentChildren
  /** Printed at the head and foot of every sheet. */
  marking?: Marking
  /** What is said on this page, or spoken beside it, is neither signed nor recorded. */
  unrecorded?: boolean | 'sound'
  /** Browser parts beside live updates, e.g. `passkey.js`. */
  scripts?: readonly string[]
  children?: ComponentChildren
}

/** A page of this node: the house's name, what this person may go to, and the content. */
export function Framed({ visit, title, current, drill, notice, marking, unrecorded, scripts, children }: FramedProps) {
  const { services, t, language } = visit
  const party = services.nameOf(services.party, language)
  return (
    <Layout
      title={title}
      language={language}
      direction={t.direction}
      path={pathOf(visit)}
      languages={languages()}
      house={{
        name: t('frame.chancery-of', { party }),
        party,
        drill: typeof drill === 'string' ? drill : drill?.name,
        live: true,
      }}
      nav={navigationOf(visit, current)}
      person={personOf(visit)}
      notice={notice ?? visit.notice}
      marking={marking && markingText(marking)}
      unrecorded={unrecorded}
      scripts={scripts}
      fromDevice={fromDevice(visit)}
      device={deviceOf(visit)}
    >
      {children}
    </Layout>
  )
}

/** Only a page that lies on a device says so. */
function fromDevice({ viewer: { keeping, person }, t, language }: Visit): string | undefined {
  if (!keeping) return undefined
  const here = formatDateTime(keeping.at, person.zone, language, { short: true })
  return t('offline.band', { time: here, utc: formatTime(keeping.at, 'UTC', language, { zoneLabel: true }) })
}

/** For browsers on which pages were kept once: what they still hold has to be looked after, whoever is signed in. */
function deviceOf({ request, services, t }: Visit) {
  if (deviceNamedIn(request, services.settings) === undefined) return undefined
  return {
    worker: assetUrl('duty-worker.js'),
    notSent: t('offline.not-sent'),
    unsent: t('offline.unsent.ask-before-leaving'),
  }
}

/** Rooms this person may enter, in the house's order; a group stands where its first room does, or is that one room. */
function navigationOf({ services, viewer, t }: Visit, current?: string): (NavigationItem | NavigationGroup)[] {
  const rooms = services.modules
    .flatMap((module) => module.navigation ?? [])
    .filter(({ permission }) => mayGo(viewer, permission))
    .toSorted((a, b) => a.order - b.order)
    .map(({ href, label, group }) => ({ group, item: { href, label: t(label), current: href === current } }))
  const grouped = Map.groupBy(rooms, ({ group, item }) => group ?? item.href)
  return [...grouped.values()].map(([first, ...more]): NavigationItem | NavigationGroup =>
    first!.group !== undefined && more.length > 0
      ? { label: t(`frame.group.${first!.group}`), items: [first!, ...more].map(({ item }) => item) }
      : first!.item,
  )
}

function mayGo(viewer: Visit['viewer'], permission: Permission): boolean {
  if (permission === 'public') return true
  if (permission === 'peer' || permission === 'set-up' || !isSignedIn(viewer)) return false
  return permission === 'signed-in' || viewer.may(permission)
}

function personOf({
  viewer,
  t,
  language,
  request,
}: Visit): { name: string; office: string; links: PersonLink[] } | undefined {
  if (!isSignedIn(viewer)) {
    if (new URL(request.url).pathname.startsWith('/sign-in')) return undefined
    return { name: '', office: '', links: [{ href: '/sign-in', label: t('frame.sign-in') }] }
  }
  const office =
    viewer.office.name[language] ?? viewer.office.name.en ?? Object.values(viewer.office.name)[0] ?? viewer.office.id
  return { name: viewer.person.name, office, links: [{ href: '/sign-out', label: t('frame.sign-out'), post: true }] }
}

/** Where the language switch returns to: this page, or the start after a form that was shown again. */
function pathOf({ request }: Visit): string {
  const { pathname, search } = new URL(request.url)
  return request.method === 'GET' ? pathname + search : pathname
}
