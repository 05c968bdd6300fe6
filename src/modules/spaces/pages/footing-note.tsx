import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import type { Footing } from '../../../core/release/index.ts'
import { formatList } from '../../../text/index.ts'
import { Quiet, Trouble } from '../../../web/index.ts'

/** What an outward step rests on: witnessed, or whose word is missing, what that means and what can be done. */
export function FootingNote({
  visit,
  footing,
  why,
  children,
}: {
  visit: Visit
  footing: Pick<Footing, 'act' | 'met' | 'missing'>
  why: string
  /** What the person can do. */
  children?: ComponentChildren
}) {
  const { t } = visit
  const { space, hash, index } = footing.act
  const entry = <a href={`/spaces/${space}/acts/${hash}`}>{t('release.footing.entry', { number: index })}</a>
  if (footing.met) {
    return (
      <Quiet>
        {t('release.footing.met')} {entry}
      </Quiet>
    )
  }
  return (
    <Trouble
      title={t('release.footing.title')}
      what={missingWords(visit, footing.missing)}
      do={
        <>
          <p>{why}</p>
          <p>{t('release.footing.wait')}</p>
          {children}
          <p>
            {entry} · <a href={`/spaces/${space}/witnessing`}>{t('spaces.witnessing.link')}</a>
          </p>
        </>
      }
    />
  )
}

/** Whose word is missing, by name. */
function missingWords({ services, t, language }: Visit, missing: readonly string[]): string {
  if (missing.length === 0) return t('release.footing.nobody')
  const parties = formatList(
    missing.map((name) => services.nameOf(name, language)),
    language,
  )
  return t('release.footing.missing', { parties })
}
