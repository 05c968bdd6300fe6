import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ClockChip, Entry, PageHead, Pairs, Quiet, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { AgreedText } from '../acts.ts'
import { stateOf } from '../faces/text-faces.tsx'
import type { Commitment, TextState } from '../queries.ts'
import { CommitmentTable } from './commitment-table.tsx'

interface Props {
  visit: Visit
  texts: { state: TextState; text?: AgreedText }[]
  commitments: Commitment[]
  drill?: { name: string }
}

/** Texts on the table and agreed, and what they oblige to. */
export function AgreementsPage({ visit, texts, commitments, drill }: Props) {
  const { t, language, services, viewer } = visit
  const agreed = texts.filter((one) => one.state.agreedAt !== undefined)
  return (
    <Framed visit={visit} title={t('agreements.title')} current="/agreements" drill={drill}>
      <PageHead
        title={t('agreements.title')}
        lead={texts.length === 0 ? t('agreements.none') : t('agreements.lead', { count: agreed.length })}
      />
      <Section title={t('agreements.commitments')}>
        {commitments.length === 0 ? (
          <Quiet>{t('agreements.no-commitments')}</Quiet>
        ) : (
          <CommitmentTable visit={visit} commitments={commitments} />
        )}
      </Section>
      {texts.length > 0 && (
        <Section title={t('agreements.texts')}>
          {texts.map(({ state, text }) => (
            <Entry
              key={state.hash}
              margin={
                <>
                  <ClockChip
                    state={state.agreedAt === undefined ? 'due' : 'done'}
                    text={t(`agreements.state.${stateOf(state)}`)}
                  />
                  <Pairs
                    items={state.parties.map((one) => ({
                      term: services.nameOf(one.party, language),
                      detail:
                        one.agreedAt === undefined
                          ? t('agreements.text.not-agreed')
                          : t('agreements.text.agreed', {
                              time: formatDateTime(one.agreedAt, viewer.person.zone, language),
                            }),
                    }))}
                  />
                </>
              }
            >
              <h3 dir="auto">
                <a href={actHref(state.space, state.hash)}>
                  {text ? (text.title[language] ?? Object.values(text.title)[0]) : t('agreements.withheld')}
                </a>
              </h3>
              <Quiet small>
                {t('agreements.text.proposed-by', { party: services.nameOf(state.author, language) })}
              </Quiet>
            </Entry>
          ))}
        </Section>
      )}
    </Framed>
  )
}
