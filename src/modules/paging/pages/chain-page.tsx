import { type Clock, clockState } from '../../../core/clocks/index.ts'
import { actHref } from '../../../core/module/act-href.ts'
import type { LoggedAct, SpaceFacts, Visit } from '../../../core/module/types.ts'
import type { PagedNotice, PagingRule, PagingTry } from '../../../core/paging/index.ts'
import { formatDateTime, formatTime } from '../../../text/index.ts'
import { ClockChip, PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { clockStateText, dutyText } from '../../spaces/index.ts'

interface Props {
  visit: Visit
  space: SpaceFacts
  act: LoggedAct
  chains: readonly { clock: Clock; pages: readonly PagedNotice[] }[]
  names: ReadonlyMap<string, string>
  rule?: PagingRule
  now: number
}

/** Who was called over a message, by what, when, and what came of it. Only our own house sees this. */
export function ChainPage({ visit, space, act, chains, names, rule, now }: Props) {
  const { t, services, language, viewer } = visit
  const reading = { services, t, language, zone: viewer.person.zone, now }
  return (
    <Framed visit={visit} title={t('paging.chain.title')} current="/spaces" drill={space.drill}>
      <PageHead
        form={t('paging.chain.form')}
        title={t('paging.chain.title')}
        lead={<a href={actHref(space.id, act.hash)}>{t('paging.chain.to-message')}</a>}
      />
      <Quiet>{t('paging.chain.lead')}</Quiet>
      {chains.length === 0 && <p>{t('paging.chain.nobody')}</p>}
      {chains.map(({ clock, pages }) => (
        <Section key={clock.id} title={dutyText(clock, t)}>
          <p>
            <ClockChip state={clockState(clock, now)} text={clockStateText(clock, reading)} />{' '}
            {t(`clocks.source.${clock.source}`)}
          </p>
          {pages.length === 0 ? (
            <p>{t('paging.chain.not-yet')}</p>
          ) : (
            <Table
              caption={t('paging.chain.caption')}
              head={['who', 'step', 'when', 'result'].map((one) => t(`paging.chain.${one}`))}
              rows={pages.flatMap((page) => rowsOf(visit, page, names))}
            />
          )}
        </Section>
      ))}
      <p>{plan(visit, rule)}</p>
    </Framed>
  )
}

function rowsOf({ t, viewer, language }: Visit, page: PagedNotice, names: Props['names']) {
  const { zone } = viewer.person
  const at = (ms: number) => formatDateTime(ms, zone, language, { seconds: true, short: true })
  const rung = t('paging.rung', { step: (page.key.split(':')[2] ?? '').replaceAll('-', '_') })
  const who = <bdi>{names.get(page.person) ?? page.person}</bdi>
  return [
    [who, rung, at(page.at), t('paging.step.notice')],
    ...(page.mail
      ? [
          [
            who,
            t('paging.step.mail'),
            page.mail.at === null ? '' : at(page.mail.at),
            t('paging.mail', { state: page.mail.state.replaceAll('-', '_') }),
          ],
        ]
      : []),
    ...page.tries.map((one) => [who, t(`paging.step.${one.step}`), at(one.lastAt ?? one.begunAt), resultText(one, t)]),
  ]
}

function resultText({ state, result, attempts }: PagingTry, t: Visit['t']): string {
  return t('paging.result', { state, result: (result ?? 'none').replaceAll('-', '_'), attempts })
}

function plan({ t, services, viewer, language }: Visit, rule?: PagingRule): string {
  if (!rule) return t('paging.chain.no-rule', { time: formatTime(services.clock.now(), viewer.person.zone, language) })
  return t('paging.chain.plan', {
    push: rule.push ? 'on' : 'off',
    hook: rule.hookUrl ? 'on' : 'off',
    sms: Math.round(rule.smsAfterMs / 60_000),
    voice: Math.round(rule.voiceAfterMs / 60_000),
  })
}
