import type { ComponentChildren } from 'preact'
import { isSignedIn } from '../../core/http/index.ts'
import type { Permission, Visit } from '../../core/module/types.ts'
import type { Marking } from '../../protocol/types.ts'
import { languages } from '../../text/index.ts'
import { Layout, markingText, type NavigationItem, type PersonLink } from '../../web/index.ts'

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
  /** What is said on this page is neither signed nor recorded. */
  unrecorded?: boolean
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
    >
      {children}
    </Layout>
  )
}

function navigationOf({ services, viewer, t }: Visit, current?: string): NavigationItem[] {
  return services.modules
    .flatMap((module) => module.navigation ?? [])
    .filter(({ permission }) => mayGo(viewer, permission))
    .toSorted((a, b) => a.order - b.order)
    .map(({ href, label }) => ({ href, label: t(label), current: href === current }))
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
