import type { Visit } from '../../../core/module/types.ts'
import { ignoredGraceMs } from '../../../protocol/index.ts'
import {
  Entry,
  Finality,
  FormLine,
  LinkButton,
  Pairs,
  Paper,
  Quiet,
  Row,
  Section,
  TlpLabel,
  Trouble,
} from '../../../web/index.ts'
import type { TenderedEntry } from '../tendered.ts'
import type { Timeline } from '../timeline.ts'
import { Action, Moment } from './act-entry.tsx'

/** What was said while the host is silent: who keeps it, and since when. */
export function TenderedSection({ visit, timeline }: { visit: Visit; timeline: Timeline }) {
  const { services, t, language } = visit
  const { space, tendered } = timeline
  if (tendered.length === 0) return null
  const host = services.nameOf(space.host, language)
  return (
    <Section title={t('spaces.tendered.title')} id="tendered">
      <Quiet>{t('spaces.tendered.explained', { host })}</Quiet>
      {tendered.map((one) => (
        <TenderedAct key={one.tendered.hash} entry={one} host={host} />
      ))}
    </Section>
  )
}

function TenderedAct({ entry, host }: { entry: TenderedEntry; host: string }) {
  const { shown, face, props, tendered, actions } = entry
  const { t, services, language } = props
  const isWhole = face && shown.content?.body !== undefined
  const written = (shown.content?.body as { language?: unknown } | undefined)?.language
  return (
    <Entry id={`act-${tendered.hash}`} margin={<TenderedMargin entry={entry} />}>
      <FormLine>
        {face ? face.form(t, shown.content?.body) : t('spaces.act.unknown-form')} ·{' '}
        {services.nameOf(tendered.statement.author, language)} ·{' '}
        <bdi>{tendered.statement.office.replaceAll('-', ' ')}</bdi>
      </FormLine>
      <h3>{isWhole ? face.headline(props) : tendered.statement.type}</h3>
      {tendered.refused && (
        <Trouble
          title={t('spaces.tendered.refused')}
          what={t('spaces.tendered.refused-why', { host, rule: tendered.refused.rule })}
        />
      )}
      {isWhole ? (
        <Paper language={typeof written === 'string' ? written : undefined}>
          <face.Document {...props} />
        </Paper>
      ) : (
        <Quiet>{shown.withheld ? t(`markings.withheld.${shown.withheld}`) : t('spaces.act.not-arrived')}</Quiet>
      )}
      {actions.length > 0 && (
        <Row>
          {actions.map((action) =>
            action.method === 'GET' ? (
              <LinkButton key={action.href} href={action.href} label={t(action.label, action.labelFacts)} plain />
            ) : (
              <Action key={action.href} action={action} t={t} />
            ),
          )}
        </Row>
      )}
    </Entry>
  )
}

function TenderedMargin({ entry: { tendered, props } }: { entry: TenderedEntry }) {
  const { t, services, viewer, language } = props
  const zone = viewer.person.zone
  return (
    <>
      <Finality level={1} text={t(tendered.refused ? 'spaces.tendered.refused' : 'spaces.tendered.state')} />
      <Pairs
        items={[
          {
            term: t('spaces.tendered.signed'),
            detail: <Moment ms={tendered.statement.at} zone={zone} language={language} />,
          },
        ]}
      />
      {tendered.heldBy.length > 0 && (
        <>
          <p class="small">{t('spaces.tendered.kept-by')}</p>
          <ul class="small">
            {tendered.heldBy.map(({ party, at }) => (
              <li key={party}>
                {party === services.party ? t('spaces.tendered.ourselves') : services.nameOf(party, language)}
                {' · '}
                <Moment ms={at} zone={zone} language={language} />
              </li>
            ))}
          </ul>
        </>
      )}
      {tendered.heldBy.length > 0 && (
        <p class="small">
          <a href={`/spaces/${tendered.space}/acts/${tendered.hash}/tender`}>{t('spaces.tendered.receipts')}</a>
          {tendered.since + ignoredGraceMs < services.clock.now() && (
            <>
              {' · '}
              <a href={`/spaces/${tendered.space}/acts/${tendered.hash}/ignored`}>{t('spaces.tendered.evidence')}</a>
            </>
          )}
        </p>
      )}
      {tendered.anchoredBy !== undefined && <Quiet small>{t('spaces.tendered.anchored')}</Quiet>}
      <p>
        <TlpLabel marking={tendered.statement.marking} />
      </p>
    </>
  )
}
