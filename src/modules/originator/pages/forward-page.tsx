import type { Answer, Visit } from '../../../core/module/types.ts'
import { Framed } from '../../frame/index.ts'
import { partiesText, titleOf } from '../../spaces/index.ts'
import { Button, Form, LinkButton, PageHead, Quiet, Row, Section, Select } from '../../../web/index.ts'
import { forwardComposer, readersOf } from '../composers/forward-composer.tsx'
import type { Use } from '../acts.ts'
import { consentsNeeded } from '../consents.ts'
import { loadOrigin, originWords } from '../load-origin.ts'
import { ConsentPanel } from './consent-panel.tsx'

/** Where to; and at once whether its originator has to be asked first. Nothing is written here. */
export async function forwardPage(visit: Visit): Promise<Answer> {
  const { services, viewer, t, language, params, query } = visit
  const origin = await loadOrigin(services, viewer, params.hash ?? '')
  const spaces = await services.ledger.list({ member: services.party })
  const open = await Promise.all(
    spaces.map(async (one) => one.id !== origin.space.id && (await forwardComposer.mayStart(services, viewer, one))),
  )
  const choices = spaces.filter((_, at) => open[at])
  const chosen = choices.find(({ id }) => id === query.get('to'))
  const use: Use = query.get('mode') === 'proof' ? 'proof' : 'copy'
  const standings = chosen ? await consentsNeeded(services, origin.act, { use, to: readersOf(services, chosen) }) : []
  const isFree = chosen !== undefined && standings.every(({ state }) => state === 'consented')
  const { author: party, type } = origin.act.statement
  const what = originWords(services, { type, party, number: origin.number }, { t, language, body: origin.content.body })
  const title = t('originator.forward.title')
  const write = `/spaces/${chosen?.id ?? ''}/write/${forwardComposer.type}?act=${origin.act.hash}&mode=${use}`
  if (isFree && standings.length === 0) return { redirect: write }
  return {
    page: (
      <Framed
        visit={visit}
        title={title}
        current="/spaces"
        drill={origin.space.drill}
        marking={origin.act.statement.marking}
      >
        <PageHead form={what} title={title} lead={t('originator.forward.lead')} />
        {choices.length === 0 ? (
          <Quiet>{t('originator.forward.nowhere')}</Quiet>
        ) : (
          <Form action={`/spaces/${origin.space.id}/acts/${origin.act.hash}/forward`} method="get" label={title}>
            <Select
              name="to"
              label={t('originator.forward.to')}
              value={chosen?.id ?? ''}
              options={choices.map((one) => ({
                value: one.id,
                label: `${partiesText(one, services, language)} · ${titleOf(one, language)}`,
              }))}
            />
            <Select
              name="mode"
              label={t('originator.forward.mode')}
              hint={t('originator.forward.mode-hint')}
              value={use}
              options={(['copy', 'proof'] as const).map((one) => ({ value: one, label: t(`originator.use.${one}`) }))}
            />
            <Row>
              <Button label={t('originator.forward.go-on')} plain={chosen !== undefined} />
              {isFree && <LinkButton href={write} label={t('originator.forward.write')} />}
            </Row>
          </Form>
        )}
        {chosen && (
          <Section title={t('originator.forward.consent')} id="consent">
            <ConsentPanel {...{ services, viewer, t, language, origin, standings, use }} />
          </Section>
        )}
      </Framed>
    ),
  }
}
