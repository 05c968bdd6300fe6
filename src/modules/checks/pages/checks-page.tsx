import { actHref } from '../../../core/module/act-href.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, LinkButton, PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { AnnouncementRow, ChallengeRow, ResultRow, RoundRow } from '../queries.ts'
import { figuresInWords, figuresOf, spanInWords } from '../result-words.ts'
import { titleIn } from './title-in.ts'

interface Props {
  visit: Visit
  asked: ChallengeRow[]
  rounds: RoundRow[]
  results: ResultRow[]
  announcements: AnnouncementRow[]
  spaces: ReadonlyMap<string, SpaceFacts>
}

/** What was asked of us and how we did, what our networks were told, and our own campaigns. */
export function ChecksPage({ visit, asked, rounds, results, announcements, spaces }: Props) {
  const { t, language, services, viewer } = visit
  const zone = viewer.person.zone
  const open = asked.filter(({ answered_by }) => answered_by === null)
  const nameOf = (party: string) => services.nameOf(party, language)
  const span = (row: { opens_at: number; closes_at: number; within: string }) =>
    spanInWords({ opensAt: row.opens_at, closesAt: row.closes_at, within: row.within, zone }, language, t)
  const upcoming = announcements.filter(({ round }) => results.every((result) => result.round !== round))
  return (
    <Framed visit={visit} title={t('checks.title')} current="/confidence">
      <PageHead
        title={t('checks.title')}
        lead={t('checks.lead', { open: open.length })}
        actions={
          viewer.may('checks.challenge-sent:send') ? (
            <LinkButton href="/checks/new" label={t('checks.new.title')} />
          ) : undefined
        }
      />
      <Section title={t('checks.asked.title')}>
        <Quiet>{t('checks.asked.only-ours')}</Quiet>
        {open.length > 0 &&
          viewer.may('channels.check-answered:send') &&
          open.map((row) => (
            <div class="row" key={row.hash}>
              <span>
                {t('checks.asked.open', { party: nameOf(row.author), due: formatDateTime(row.due_at, zone, language) })}
              </span>
              <ButtonForm
                action={`/spaces/${row.space}/challenges/${row.hash}/answer`}
                label={t('channels.action.answer-check')}
              />
            </div>
          ))}
        {asked.length > 0 && (
          <Table
            caption={t('checks.asked.title')}
            quietCaption
            head={[t('common.from'), t('checks.asked.when'), t('checks.asked.due'), t('checks.asked.result')]}
            rows={asked.map((row) => [
              nameOf(row.author),
              <a href={actHref(row.space, row.hash)}>{formatDateTime(row.sent_at, zone, language, { short: true })}</a>,
              formatDateTime(row.due_at, zone, language, { short: true }),
              t(`checks.asked.${ownResult(row)}`),
            ])}
          />
        )}
        {asked.length === 0 && <Quiet>{t('checks.asked.none')}</Quiet>}
      </Section>
      <Section title={t('checks.result.title')}>
        <Quiet>{t('checks.result.explained')}</Quiet>
        {upcoming.map((row) => (
          <p key={row.hash}>
            <a href={actHref(row.space, row.hash)}>
              {t('checks.result.announced', { party: nameOf(row.author), span: span(row) })}
            </a>
          </p>
        ))}
        {results.map((row) => (
          <p key={row.hash}>
            <a href={actHref(row.space, row.hash)}>{figuresInWords(figuresOf(row), language, t)}</a>{' '}
            <span class="quiet">
              <bdi>{titleIn(spaces.get(row.space) ?? { title: {} }, language)}</bdi>, {nameOf(row.author)}: {span(row)}
            </span>
          </p>
        ))}
        {results.length + upcoming.length === 0 && <Quiet>{t('checks.result.none')}</Quiet>}
      </Section>
      {rounds.length > 0 && (
        <Section title={t('checks.ours.title')}>
          <ul>
            {rounds.map((round) => (
              <li key={round.id}>
                <a href={`/checks/rounds/${round.id}`}>{t('checks.round.title', { number: round.number })}</a>:{' '}
                <bdi>{titleIn(spaces.get(round.network) ?? { title: {} }, language)}</bdi>, {span(round)};{' '}
                {t(`checks.cadence.${round.ended_at === null ? (round.cadence ?? 'once') : 'ended'}`)}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Framed>
  )
}

function ownResult({ answered_at: at, due_at: due }: ChallengeRow): string {
  if (at === null) return 'unanswered'
  return at <= due ? 'in-time' : 'late'
}
