import { actHref } from '../../../core/module/act-href.ts'
import type { ShownAct, Visit } from '../../../core/module/types.ts'
import { formatList, formatSize } from '../../../text/index.ts'
import {
  Entry,
  FormLine,
  PageHead,
  Pairs,
  Paper,
  Quiet,
  Reg,
  Section,
  Table,
  Time,
  TlpLabel,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { titleOf } from './link-space.ts'
import { MoveLink } from './move-link.tsx'
import type { SharedView } from './shared-view.ts'
import { ObjectTable } from '../read/objects-page.tsx'
import { BackTo, SharedWith } from '../pages/parts.tsx'

/** What the other side of a space sees of an incident: what was said there and nothing else. */
export function SharedPage({ visit, view }: { visit: Visit; view: SharedView }) {
  const { t, services, language } = visit
  const { incident, space, acts, objects, all, files } = view
  const parties = formatList(
    view.parties.map((party) => services.nameOf(party, language)),
    language,
  )
  return (
    <Framed
      visit={visit}
      title={t('incidents.shared.title', { parties, name: incident.codeName })}
      current="/incidents"
      drill={space.drill}
    >
      <PageHead
        form={titleOf(space, language)}
        title={t('incidents.shared.heading', { parties })}
        lead={t('incidents.shared.lead', { parties })}
        actions={
          visit.viewer.may('incidents:draft') &&
          incident.state !== 'closed' && <MoveLink visit={visit} incident={incident} space={space} />
        }
      />
      <BackTo visit={visit} incident={incident} />
      <SharedWith visit={visit} parties={parties} />
      <Pairs
        items={[
          {
            term: t('incidents.shared.readers'),
            detail: formatList(
              [services.party, ...view.parties].map((party) => services.nameOf(party, language)),
              language,
            ),
          },
          { term: t('incidents.shared.ordered-by'), detail: services.nameOf(space.host, language) },
          {
            term: t('incidents.objects.title'),
            detail: t('incidents.shared.objects-of', { count: objects.length, all }),
          },
          {
            term: t('incidents.files.shared-files'),
            detail: t('incidents.shared.objects-of', { count: evidenceIn(files), all: view.allFiles }),
          },
        ]}
      />
      <Section title={t('incidents.shared.said')} id="said">
        {acts.length === 0 && <Quiet>{t('incidents.shared.nothing-said', { parties })}</Quiet>}
        {acts.map((shown) => (
          <SharedAct key={shown.act.hash} visit={visit} shown={shown} />
        ))}
      </Section>
      <Section title={t('incidents.objects.title')} id="objects">
        {objects.length === 0 ? (
          <Quiet>{t('incidents.shared.no-objects', { parties })}</Quiet>
        ) : (
          <ObjectTable visit={visit} objects={objects} />
        )}
      </Section>
      {files.length > 0 && <SharedFiles visit={visit} files={files} />}
    </Framed>
  )
}

/** Two letters may carry copies of one file. */
const evidenceIn = (files: SharedView['files']): number =>
  new Set(files.flatMap(({ evidence }) => evidence?.file ?? [])).size

function SharedFiles({ visit: { t, language }, files }: { visit: Visit; files: SharedView['files'] }) {
  return (
    <Section title={t('files.page.title')} id="files">
      <Table
        caption={t('incidents.files.shared-caption')}
        head={[t('incidents.objects.name'), t('files.size'), t('markings.marking'), t('incidents.weighing.item')]}
        rows={files.map(({ name, title, size, marking, evidence }) => [
          <bdi>{title ?? name}</bdi>,
          formatSize(size, language),
          <TlpLabel marking={marking} />,
          evidence ? String(evidence.number) : '–',
        ])}
      />
    </Section>
  )
}

function SharedAct({ visit, shown }: { visit: Visit; shown: ShownAct }) {
  const { t, services, viewer, language } = visit
  const { act, content, space, withheld } = shown
  const face = services.modules.flatMap((module) => module.faces ?? []).find((one) => one.type === act.statement.type)
  const props = { shown, services, viewer, t, language }
  const document = content && face?.Document(props)
  return (
    <Entry
      margin={
        <>
          <Reg text={t('incidents.shared.number', { number: act.index })} />
          <p>
            <Time ms={act.scenarioTime} zone={viewer.person.zone} language={language} short />
          </p>
          <p>
            <TlpLabel marking={act.statement.marking} />
          </p>
        </>
      }
    >
      <FormLine>
        {face?.form(t, content?.body) ?? act.statement.type} · {services.nameOf(act.statement.author, language)}
      </FormLine>
      {document ? (
        <Paper>{document}</Paper>
      ) : (
        <Quiet>{withheld ? t(`markings.withheld.${withheld}`) : t('incidents.shared.no-text')}</Quiet>
      )}
      <p>
        <a href={actHref(space.id, act.hash)}>{t('incidents.shared.in-space')}</a>
      </p>
    </Entry>
  )
}
