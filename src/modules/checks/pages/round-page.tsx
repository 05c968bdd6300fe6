import type { Visit } from '../../../core/module/types.ts'
import { actHref } from '../../../core/module/act-href.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, LeavesStays, LiveRegion, PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { AskedParty, LoadedRound } from '../load-round.ts'
import { figuresInWords, figuresOf, spanInWords } from '../result-words.ts'
import { titleIn } from './title-in.ts'

/** A round of ours, party by party; what all others will be told; the button that tells them. */
export function RoundPage({ visit, loaded }: { visit: Visit; loaded: LoadedRound }) {
  const { t, language, viewer } = visit
  const { round, network, parties, isOver, result, figures } = loaded
  const title = t('checks.round.title', { number: round.number })
  const span = { opensAt: round.opens_at, closesAt: round.closes_at, within: round.within, zone: viewer.person.zone }
  return (
    <Framed visit={visit} title={title} current="/confidence" drill={network.drill}>
      <PageHead
        form={<bdi>{titleIn(network, language)}</bdi>}
        title={title}
        lead={spanInWords(span, language, t)}
        actions={
          round.ended_at === null && viewer.may('checks.challenge-sent:send') ? (
            <ButtonForm plain action={`/checks/campaigns/${round.campaign}/end`} label={t('checks.round.end')} />
          ) : undefined
        }
      />
      {round.ended_at !== null && <Quiet>{t('checks.round.ended')}</Quiet>}
      <Section title={t('checks.round.parties')}>
        <Quiet>{t('checks.round.at-home')}</Quiet>
        <LiveRegion id="checks-round" topic={parties.map(({ channel }) => `space:${channel}`)}>
          <Table
            caption={t('checks.round.parties')}
            quietCaption
            head={[t('common.party'), t('checks.round.asked'), t('checks.round.state')]}
            rows={parties.map((party) => rowOf(visit, party, loaded))}
          />
        </LiveRegion>
      </Section>
      <Section title={t('checks.round.for-others')}>
        {result ? (
          <p>
            <a href={actHref(network.id, result.hash)}>{figuresInWords(figuresOf(result), language, t)}</a>
          </p>
        ) : (
          <>
            <LeavesStays
              leaves={[isOver ? figuresInWords(figures, language, t) : t('checks.round.not-yet')]}
              stays={[t('checks.review.single')]}
            />
            {isOver && viewer.may('checks.results-published:send') && (
              <ButtonForm action={`/checks/rounds/${round.id}/publish`} label={t('checks.action.publish')} />
            )}
          </>
        )}
      </Section>
    </Framed>
  )
}

function rowOf(visit: Visit, { party, asked, outcome, plan }: AskedParty, { isOver }: LoadedRound) {
  const { t, language, services, viewer } = visit
  const time = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return [
    services.nameOf(party, language),
    asked.length === 0
      ? t('checks.round.not-asked')
      : asked.map((one) => (
          <div key={one.hash}>
            <a href={actHref(one.space, one.hash)}>{t(`checks.attempt.${one.attempt}`)}</a> · {time(one.sentAt)}
          </div>
        )),
    stateInWords(),
  ]

  function stateInWords(): string {
    const answeredAt = asked.find((one) => one.answeredAt !== undefined)?.answeredAt
    if (answeredAt !== undefined) return t(`checks.round.${outcome}`, { at: time(answeredAt) })
    if (isOver) return t(`checks.round.${outcome}`, { at: '' })
    if (plan?.step === 'wait') return t(`checks.round.waits-${plan.for}`, { until: time(plan.until) })
    return t(`checks.round.why-${plan?.step === 'none' ? plan.why : 'now'}`)
  }
}
