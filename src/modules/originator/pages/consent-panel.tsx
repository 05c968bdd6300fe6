import { actHref } from '../../../core/module/act-href.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import type { Translate } from '../../../text/types.ts'
import { LinkButton, Row, Trouble } from '../../../web/index.ts'
import type { Use } from '../acts.ts'
import type { Standing } from '../consents.ts'
import type { Origin } from '../load-origin.ts'

interface Props {
  services: Services
  viewer: Viewer
  t: Translate
  language: string
  origin: Origin
  standings: readonly Standing[]
  use: Use
}

/** Whose consent is needed towards whom, how it stands, and the way to ask for it on the spot. */
export function ConsentPanel({ services, viewer, t, language, origin, standings, use }: Props) {
  if (standings.length === 0) return null
  const party = services.nameOf(origin.act.statement.author, language)
  const missing = standings.filter(({ state }) => state !== 'consented')
  const ask = missing.filter(({ state }) => state !== 'asked')
  const lines = (
    <ul>
      {standings.map(({ to, state, request }) => (
        <li key={to}>
          {t(`originator.state.${state}`, {
            to: services.nameOf(to, language),
            party,
            time: request
              ? formatDateTime(request.answered_at ?? request.requested_at, viewer.person.zone, language)
              : '',
            until: request?.until ? formatDate(Date.parse(request.until), 'UTC', language) : '',
          })}{' '}
          {request && (
            <a href={actHref(request.space, request.withdrawn_by ?? request.answered_by ?? request.request)}>
              {t('originator.see')}
            </a>
          )}
        </li>
      ))}
    </ul>
  )
  if (missing.length === 0) return lines
  return (
    <Trouble
      title={t('originator.refused', { party })}
      what={t('originator.refused-why', { party, use: t(`originator.use.${use}`) })}
      do={
        <>
          {lines}
          {ask.length > 0 && (
            <Row>
              <LinkButton
                href={askHref(origin, { use, to: ask.map((one) => one.to) })}
                label={t('originator.ask', { party })}
              />
            </Row>
          )}
        </>
      }
    />
  )
}

export function askHref({ act }: Pick<Origin, 'act'>, { use, to }: { use: Use; to: readonly string[] }): string {
  const query = new URLSearchParams([
    ['act', act.hash],
    ['use', use],
    ...to.map((party): [string, string] => ['to', party]),
  ])
  return `/spaces/${act.space}/write/originator.consent-requested?${query}`
}
