import type { ComponentChildren } from 'preact'
import { createTranslator, direction as directionOf, languageName, type Translate } from '../text/index.ts'
import { assetUrl } from './asset-url.ts'
import { PageLanguage } from './words.ts'

export interface NavigationItem {
  href: string
  label: string
  current?: boolean
}

/** Rooms behind one name. */
export interface NavigationGroup {
  label: string
  items: NavigationItem[]
}

/** A link of the signed-in person's corner; `post` makes it a button that changes something (signing out). */
export interface PersonLink {
  href: string
  label: string
  post?: boolean
}

export interface LayoutProps {
  /** Unique title of the page; the house's name is added in the browser's title bar. */
  title: string
  language: string
  direction?: 'ltr' | 'rtl'
  /** `drill` names the exercise everything on this page belongs to. */
  house: { name: string; party: string; drill?: string; live: boolean }
  /** First level; at most two levels. */
  nav: (NavigationItem | NavigationGroup)[]
  person?: { name: string; office: string; links: PersonLink[] }
  notice?: ComponentChildren
  /** Marking printed at the head and foot of every sheet, e.g. `TLP:AMBER`. */
  marking?: string
  /** Languages the reader may switch to, and where to return. */
  languages?: readonly string[]
  path?: string
  /** What is said on this page, or spoken beside it, is neither signed nor recorded: the foot does not say that it is. */
  unrecorded?: boolean | 'sound'
  /** From when the page is, where it lies on a device: a band says so, and nothing on it changes by itself. */
  fromDevice?: string
  /** What a browser that keeps pages needs to look after them: its worker, and sentences it may have to say. */
  device?: { worker: string; notSent: string; unsent: string }
  /** Browser parts this page needs beside live updates, e.g. `passkey.js`. */
  scripts?: readonly string[]
  children?: ComponentChildren
}

/** The whole page: drill bands, head with navigation, content, foot with the language switch. */
export function Layout(props: LayoutProps) {
  const { title, language, house } = props
  const t = createTranslator(language)
  return (
    <html
      lang={language}
      dir={props.direction ?? directionOf(language)}
      class={house.drill ? 'is-drill' : undefined}
      data-tlp={tlpOf(props.marking)}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="same-origin" />
        <title>{t('frame.title-of', { title, house: house.name })}</title>
        <link rel="icon" href={assetUrl('mark.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('chancery.css')} />
        {scriptsOf(props).map((name) => (
          <script key={name} type="module" src={assetUrl(name)} />
        ))}
      </head>
      <body>
        <PageLanguage.Provider value={language}>
          <a class="skip" href="#content">
            {t('frame.skip')}
          </a>
          {props.fromDevice && <FromDevice words={props.fromDevice} />}
          <DrillBand drill={house.drill} t={t} place="head" />
          <Head {...props} t={t} />
          <PrintLine {...props} t={t} place="head" />
          <main id="content" tabIndex={-1}>
            {props.notice && <Notice>{props.notice}</Notice>}
            {props.children}
          </main>
          <Foot {...props} t={t} />
          <PrintLine {...props} t={t} place="foot" />
          <LiveStatus t={t} />
          {props.device && <DeviceStatus {...props.device} />}
        </PageLanguage.Provider>
      </body>
    </html>
  )
}

function scriptsOf({ scripts = [], device, fromDevice }: LayoutProps): string[] {
  return [...(fromDevice ? [] : ['live.js']), ...(device ? ['offline.js'] : []), ...scripts]
}

/** Label that chooses the head and foot of printed sheets. */
const tlpOf = (marking: string | undefined) => marking && /^TLP:([A-Z+]+)/.exec(marking)?.[1]

type WithWords = LayoutProps & { t: Translate }

function Head({ house, nav, person, t }: WithWords) {
  return (
    <header class="top">
      <p class="house-line">
        <a class="house" href="/">
          {house.name}
        </a>
        {house.live && !house.drill && (
          <span class="live-mark" title={t('frame.live-explained')}>
            {t('frame.live')}
          </span>
        )}
      </p>
      {nav.length > 0 && (
        <nav class="main-nav" aria-label={t('frame.main-navigation')}>
          <ul>
            {nav.map((one) =>
              'items' in one ? <Rooms key={one.label} group={one} /> : <RoomLink key={one.href} item={one} />,
            )}
          </ul>
        </nav>
      )}
      {person && <Person person={person} t={t} />}
    </header>
  )
}

function RoomLink({ item: { href, label, current } }: { item: NavigationItem }) {
  return (
    <li>
      <a href={href} aria-current={current ? 'page' : undefined}>
        {label}
      </a>
    </li>
  )
}

/** Opens on the spot, one at a time, without a script; its name is marked while one of its rooms is the page. */
function Rooms({ group: { label, items } }: { group: NavigationGroup }) {
  const isCurrent = items.some(({ current }) => current)
  return (
    <li>
      <details name="rooms">
        <summary aria-current={isCurrent ? 'true' : undefined}>{label}</summary>
        <ul>
          {items.map((item) => (
            <RoomLink key={item.href} item={item} />
          ))}
        </ul>
      </details>
    </li>
  )
}

function Person({ person, t }: { person: NonNullable<LayoutProps['person']>; t: Translate }) {
  return (
    <nav class="who" aria-label={t('frame.your-account')}>
      {person.name && (
        <span class="who-name">
          {person.office ? t('frame.signed-in-as', { name: person.name, office: person.office }) : person.name}
        </span>
      )}
      {person.links.map(({ href, label, post }) =>
        post ? (
          <form key={href} method="post" action={href}>
            <button class="link" type="submit">
              {label}
            </button>
          </form>
        ) : (
          <a key={href} href={href}>
            {label}
          </a>
        ),
      )}
    </nav>
  )
}

const keptBy = (unrecorded: LayoutProps['unrecorded']) =>
  unrecorded === 'sound' ? 'frame.kept-by-sound' : unrecorded ? 'frame.kept-by-unrecorded' : 'frame.kept-by'

function Foot({ house, languages = [], language, path = '/', unrecorded, t }: WithWords) {
  return (
    <footer>
      <div class="foot">
        <p class="foot-words">{t(keptBy(unrecorded), { party: house.party })}</p>
        {languages.length > 1 && (
          <form class="languages" method="post" action="/language" aria-label={t('frame.language-switch')}>
            <input type="hidden" name="to" value={path} />
            {languages.map((tag) => (
              <button
                key={tag}
                class="link"
                type="submit"
                name="language"
                value={tag}
                lang={tag}
                dir={directionOf(tag)}
                aria-current={tag === language ? 'true' : undefined}
              >
                {languageName(tag)}
              </button>
            ))}
          </form>
        )}
      </div>
      <DrillBand drill={house.drill} t={t} place="foot" />
    </footer>
  )
}

function FromDevice({ words }: { words: string }) {
  return (
    <section class="from-device" aria-label={words}>
      <p>{words}</p>
    </section>
  )
}

/** Empty until the worker has something to say about a form. */
function DeviceStatus({ worker, notSent, unsent }: NonNullable<LayoutProps['device']>) {
  return (
    <p
      id="device-status"
      class="live-status"
      role="alert"
      data-worker={worker}
      data-not-sent={notSent}
      data-unsent={unsent}
    />
  )
}

function DrillBand({ drill, t, place }: { drill?: string; t: Translate; place: 'head' | 'foot' }) {
  if (!drill) return null
  const words = t('frame.drill-band', { name: drill })
  if (place === 'foot') return <p class="drill">{words}</p>
  return (
    <section class="drill drill-head" aria-label={t('frame.drill')}>
      {words}
    </section>
  )
}

/** Above and below what is printed; every sheet repeats the label in its margins where the browser can. */
function PrintLine({ marking, house, t, place }: WithWords & { place: 'head' | 'foot' }) {
  if (!marking && !house.drill) return null
  return (
    <p class={`print-line print-${place}`} aria-hidden="true">
      {house.drill && <span>{t('frame.drill-print', { name: house.drill })}</span>}
      {marking && (
        <span class="print-marking" dir="ltr">
          {marking}
        </span>
      )}
    </p>
  )
}

function LiveStatus({ t }: { t: Translate }) {
  return (
    <p
      id="live-status"
      class="live-status"
      role="status"
      data-changed={t('frame.live-changed')}
      data-lost={t('frame.live-lost')}
      data-off={t('frame.live-off')}
    />
  )
}

/** One sentence about what just happened, above the content. */
export function Notice({ children }: { children: ComponentChildren }) {
  return (
    <div class="notice" role="status">
      <p>{children}</p>
    </div>
  )
}
