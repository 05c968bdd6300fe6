import type { Visit } from '../../../core/module/types.ts'
import { Entry, LinkButton, PageHead, Pairs, Quiet, Row, TlpLabel } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type Demarche, standings } from '../demarche.ts'
import { dayWords } from './day-words.ts'

/** Every démarche with how far it has come. */
export function ListPage({ visit, demarches }: { visit: Visit; demarches: readonly Demarche[] }) {
  const { t, language, viewer } = visit
  const title = t('demarches.title')
  return (
    <Framed visit={visit} title={title} current="/demarches">
      <PageHead title={title} lead={t('demarches.lead')} />
      {viewer.may('demarches.instruction:release') && (
        <Row>
          <LinkButton href="/demarches/instruct" label={t('demarches.action.instruct')} />
        </Row>
      )}
      {demarches.length === 0 && <Quiet>{t('demarches.none')}</Quiet>}
      {demarches.map((one) => {
        const there = standings(one)
        return (
          <Entry
            key={one.id}
            margin={
              <>
                <Pairs
                  items={[
                    one.deliverBy !== undefined && {
                      term: t('demarches.deliver-by'),
                      detail: dayWords(one.deliverBy, language),
                    },
                  ]}
                />
                <TlpLabel marking={{ tlp: one.tlp }} />
              </>
            }
          >
            <h2>
              <a href={`/demarches/${one.id}`}>
                <bdi>{one.subject}</bdi>
              </a>
            </h2>
            <p>
              {t('demarches.how-far', {
                capitals: there.length,
                delivered: there.filter((capital) => capital.delivered).length,
                home: there.filter((capital) => capital.readOut).length,
              })}
            </p>
          </Entry>
        )
      })}
    </Framed>
  )
}
