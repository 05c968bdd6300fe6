import { actHref } from '../../core/module/act-href.ts'
import type { Answer, Visit } from '../../core/module/types.ts'
import { formatDateTime } from '../../text/index.ts'
import { ButtonForm, Entry, PageHead, Quiet, Row } from '../../web/index.ts'
import { Framed } from '../frame/index.ts'
import { decide, listEmergencies } from './emergencies.ts'

/** What one person of this house released alone, why, and what another says of it. */
export async function emergenciesPage(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language } = visit
  const [rows, people] = await Promise.all([listEmergencies(services), services.people.list()])
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const title = t('clearance.emergencies.title')
  return {
    page: (
      <Framed visit={visit} title={title} current="/">
        <PageHead title={title} lead={t('clearance.emergencies.lead')} />
        {rows.length === 0 && <Quiet>{t('clearance.emergencies.none')}</Quiet>}
        {rows.map((row) => (
          <Entry key={row.act} id={row.act}>
            <h2>
              {t('clearance.emergencies.by', {
                person: people.find(({ id }) => id === row.person)?.name ?? row.person,
                time: when(row.at),
              })}
            </h2>
            <p>
              {t('clearance.emergencies.reason')} <bdi>{row.reason}</bdi>
            </p>
            {row.without !== '' && (
              <p>
                <strong>
                  {row.without
                    .split(' ')
                    .map((code) => t(`clearance.without.${code}`))
                    .join(' ')}
                </strong>
              </p>
            )}
            <p>
              <a href={actHref(row.space, row.act)}>{t('clearance.see')}</a>
            </p>
            {row.outcome === null ? (
              <>
                <p>{t('clearance.emergencies.due', { due: when(row.due_at) })}</p>
                {row.person === viewer.person.id ? (
                  <Quiet>{t('clearance.emergencies.own')}</Quiet>
                ) : (
                  <Row>
                    <ButtonForm action={`/emergencies/${row.act}/confirm`} label={t('clearance.action.confirm')} />
                    <ButtonForm action={`/emergencies/${row.act}/disown`} label={t('clearance.action.disown')} danger />
                  </Row>
                )}
              </>
            ) : (
              <p>{t(`clearance.emergencies.${row.outcome}`, { time: when(row.outcome_at ?? row.at) })}</p>
            )}
          </Entry>
        ))}
      </Framed>
    ),
  }
}

export const decideAs =
  (as: 'confirmed' | 'disowned') =>
  async (visit: Visit): Promise<Answer> => {
    const { services, viewer, params, t } = visit
    const { space, act } = await decide(services, viewer, { act: params.act ?? '', as })
    return { redirect: actHref(space, act), data: { act, outcome: as }, notice: t(`clearance.notice.${as}`) }
  }
