import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { formatSize } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  CheckboxGroup,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Pairs,
  Quiet,
  Section,
  Select,
  TextArea,
  Time,
  Trouble,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { categoryCodes, type Incident, InsideBundle, type LookedInto } from '../../incidents/index.ts'
import type { Report } from '../reports.ts'
import type { Returned } from '../routes.tsx'

/** A file of a report that is a bundle, with what is in it. */
export interface BundleInMail {
  place: number
  name: string
  inside: LookedInto
}

interface Props {
  visit: Visit
  report: Report
  /** What is in those files that are bundles, or say they are. */
  bundles: readonly BundleInMail[]
  /** Name of whoever settled it. */
  settledBy?: string
  /** Incidents it can be added to. */
  choices: readonly Incident[]
  returned?: Returned
}

/** One report: what it says of itself, as text; what our server found; and the decision on it. */
export function ReportPage(props: Props) {
  const { visit, report, returned } = props
  const { t, viewer } = visit
  const title = report.subject === '' ? t('mail-in.no-subject') : report.subject
  return (
    <Framed visit={visit} title={`R-${report.number} · ${title}`} current="/incidents">
      <PageHead
        form={`R-${report.number} · ${t(`mail-in.state.${report.state}`)}`}
        title={<bdi>{title}</bdi>}
        lead={t('mail-in.nothing-proven')}
      />
      <p>
        <a href="/reports-received">{t('mail-in.title')}</a>
      </p>
      {returned?.trouble && <Trouble what={returned.trouble} />}
      <ErrorSummary errors={returned?.errors} labels={labelsOf(visit)} />
      <Head {...props} />
      <Said {...props} />
      <Files {...props} />
      <Bundles {...props} />
      {report.state === 'taking' && <Interrupted {...props} />}
      {report.state === 'waiting' && viewer.may('incidents:draft') && <AddForm {...props} />}
      {report.state === 'waiting' && viewer.may('incidents:draft') && <OpenForm {...props} />}
      {report.state === 'waiting' && <AsideForm {...props} />}
      {report.state === 'aside' && (
        <ButtonForm plain action={`/reports-received/${report.id}/wait`} label={t('mail-in.wait-again')} />
      )}
    </Framed>
  )
}

function Head({ visit, report, settledBy }: Props) {
  const { t, viewer, language } = visit
  const time = (ms: number) => <Time ms={ms} zone={viewer.person.zone} language={language} />
  const said = (text: string) => (text === '' ? t('mail-in.says-nothing') : <bdi>{text}</bdi>)
  return (
    <Pairs
      items={[
        { term: t('mail-in.says-from'), detail: said(report.from) },
        { term: t('mail-in.says-to'), detail: said(report.to) },
        { term: t('mail-in.says-date'), detail: said(report.date) },
        {
          term: t('mail-in.server-says'),
          detail: report.serverSays === '' ? t('mail-in.server-silent') : <bdi>{report.serverSays}</bdi>,
        },
        { term: t('mail-in.received'), detail: time(report.receivedAt) },
        ...(report.copies > 1
          ? [{ term: t('mail-in.delivered'), detail: t('mail-in.copies', { count: report.copies }) }]
          : []),
        ...(report.isAutomatic ? [{ term: t('mail-in.sender'), detail: t('mail-in.automatic') }] : []),
        {
          term: t('mail-in.message'),
          detail: (
            <>
              <a href={`/reports-received/${report.id}/message`}>
                {t('mail-in.bytes', { size: formatSize(report.size, language) })}
              </a>{' '}
              · SHA-256 <code>{report.sha256}</code>
            </>
          ),
        },
        ...(report.settledAt === undefined
          ? []
          : [
              {
                term: t(`mail-in.state.${report.state}`),
                detail: (
                  <>
                    <bdi>{settledBy}</bdi> · {time(report.settledAt)}
                    {report.why && (
                      <>
                        {' · '}
                        <bdi>{report.why}</bdi>
                      </>
                    )}
                    {report.incident && (
                      <>
                        {' · '}
                        <a href={`/incidents/${report.incident}`}>{t('mail-in.to-incident')}</a>
                      </>
                    )}
                  </>
                ),
              },
            ]),
      ]}
    />
  )
}

function Said({ visit: { t }, report }: Props) {
  return (
    <Section title={t('mail-in.says')} id="says">
      {report.isUnreadable && <Trouble what={t('mail-in.unreadable')} />}
      {report.isFromHtml && <Quiet>{t('mail-in.from-html')}</Quiet>}
      {report.words === '' && !report.isUnreadable && <Quiet>{t('mail-in.says-nothing')}</Quiet>}
      {report.words.split(/\n{2,}/).map((paragraph, at) => (
        <p key={at} dir="auto">
          {paragraph}
        </p>
      ))}
      {report.isCut && <Quiet>{t('mail-in.cut')}</Quiet>}
    </Section>
  )
}

function Files({ visit: { t, language }, report }: Props) {
  if (report.files.length === 0) return null
  return (
    <Section title={t('mail-in.files')} id="files">
      <Quiet>{t('mail-in.files-explained')}</Quiet>
      <ul>
        {report.files.map((file) => (
          <li key={file.place}>
            <bdi>{file.name}</bdi> · <bdi>{file.media}</bdi> · {formatSize(file.size, language)}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What a person would take in, before they choose it. */
function Bundles({ visit, bundles }: Props) {
  const { t } = visit
  if (bundles.length === 0) return null
  return (
    <Section title={t('mail-in.bundles')} id="bundles">
      <Quiet>{t('mail-in.bundles-explained')}</Quiet>
      {bundles.map(({ place, name, inside }) => (
        <div key={place}>
          <h3>
            <bdi>{name}</bdi>
          </h3>
          <InsideBundle visit={visit} looked={inside} />
        </div>
      ))}
    </Section>
  )
}

/** Not all of what was decided is done: whoever decided goes on with it, anybody of the desk lets it wait again. */
function Interrupted({ visit: { t, viewer }, report }: Props) {
  const isMine = report.settledBy === viewer.person.id
  return (
    <Section title={t('mail-in.interrupted')} id="interrupted">
      <p>{t(isMine ? 'mail-in.interrupted-mine' : 'mail-in.interrupted-other')}</p>
      {isMine && <ButtonForm action={`/reports-received/${report.id}/go-on`} label={t('mail-in.go-on')} />}
      <ButtonForm plain action={`/reports-received/${report.id}/wait`} label={t('mail-in.wait-again')} />
    </Section>
  )
}

const typed = (returned: Returned | undefined, form: string) => {
  const mine = returned?.form === form ? returned : undefined
  return {
    value: (name: string, otherwise = '') => {
      const value = mine?.values[name]
      return typeof value === 'string' ? value : otherwise
    },
    values: (name: string, otherwise: string[]) => (mine ? [mine.values[name] ?? []].flat().map(String) : otherwise),
    error: (name: string) => mine?.errors[name],
  }
}

function FileChoice({ visit: { t }, report, returned, form }: Props & { form: string }) {
  if (report.files.length === 0) return null
  const options = report.files.map((file) => ({ value: String(file.place), label: file.name }))
  const { values, error } = typed(returned, form)
  return (
    <CheckboxGroup
      name="files"
      label={t('mail-in.files-along')}
      options={options}
      values={values(
        'files',
        options.map(({ value }) => value),
      )}
      error={error('files')}
    />
  )
}

function ObjectsChoice({ visit: { t }, bundles, returned, form }: Props & { form: string }) {
  const { values, error } = typed(returned, form)
  const options = bundles.flatMap(({ place, name, inside }) =>
    inside.readable
      ? [{ value: String(place), label: `${name} · ${t('incidents.objects.count', { count: inside.count })}` }]
      : [],
  )
  if (options.length === 0) return null
  return (
    <CheckboxGroup
      name="objects"
      label={t('mail-in.objects-along')}
      hint={t('mail-in.objects-hint')}
      options={options}
      values={values('objects', [])}
      error={error('objects')}
    />
  )
}

const markingOptions = ({ t, viewer }: Visit) =>
  tlpLabels
    .slice(0, tlpLabels.indexOf(viewer.ceiling) + 1)
    .map((tlp) => ({ value: tlp, label: t(`markings.tlp.${tlp}`) }))

function AddForm(props: Props) {
  const { visit, report, choices, returned } = props
  const { t } = visit
  const { value, error } = typed(returned, 'add')
  if (choices.length === 0) return null
  return (
    <Section title={t('mail-in.add')} id="add">
      <Form action={`/reports-received/${report.id}/add`}>
        <Select
          name="incident"
          label={t('mail-in.incident')}
          required
          value={value('incident')}
          error={error('incident')}
          placeholder={t('incidents.write.choose')}
          options={choices.map((one) => ({
            value: one.id,
            label: `${one.reference} · ${one.codeName} · ${one.title}`,
          }))}
        />
        <Select
          name="as"
          label={t('mail-in.as')}
          required
          value={value('as', 'evidence')}
          error={error('as')}
          options={(['evidence', 'entry'] as const).map((one) => ({ value: one, label: t(`mail-in.as-${one}`) }))}
        />
        <Select
          name="marking"
          label={t('incidents.open.marking')}
          required
          value={value('marking', 'AMBER')}
          error={error('marking')}
          options={markingOptions(visit)}
        />
        <FileChoice {...props} form="add" />
        <ObjectsChoice {...props} form="add" />
        <Button label={t('mail-in.add')} />
      </Form>
    </Section>
  )
}

function OpenForm(props: Props) {
  const { visit, report, returned } = props
  const { t } = visit
  const { value, error } = typed(returned, 'open')
  return (
    <Section title={t('mail-in.open')} id="open">
      <Form action={`/reports-received/${report.id}/open`}>
        <Hidden name="id" value={value('id', newId())} />
        <Field
          name="title"
          label={t('incidents.open.name')}
          hint={t('incidents.open.name-hint')}
          required
          value={value('title')}
          error={error('title')}
        />
        <Select
          name="category"
          label={t('incidents.open.category')}
          required
          value={value('category')}
          error={error('category')}
          placeholder={t('incidents.write.choose')}
          options={categoryCodes.map((code) => ({ value: code, label: t(`incidents.category.${code}`) }))}
        />
        <Select
          name="readers"
          label={t('mail-in.readers')}
          required
          value={value('readers', 'named')}
          error={error('readers')}
          options={(['named', 'house'] as const).map((one) => ({ value: one, label: t(`mail-in.readers-${one}`) }))}
        />
        <Select
          name="openMarking"
          label={t('incidents.open.marking')}
          required
          value={value('openMarking', 'AMBER')}
          error={error('openMarking')}
          options={markingOptions(visit)}
        />
        <FileChoice {...props} form="open" />
        <ObjectsChoice {...props} form="open" />
        <Button plain label={t('mail-in.open')} />
      </Form>
    </Section>
  )
}

function AsideForm({ visit: { t }, report, returned }: Props) {
  const { value, error } = typed(returned, 'aside')
  return (
    <Section title={t('mail-in.aside')} id="aside">
      <Form action={`/reports-received/${report.id}/aside`}>
        <TextArea name="why" label={t('mail-in.why')} required value={value('why')} error={error('why')} />
        <Button plain label={t('mail-in.aside')} />
      </Form>
    </Section>
  )
}

const labelsOf = ({ t }: Visit): Record<string, string> => ({
  incident: t('mail-in.incident'),
  as: t('mail-in.as'),
  marking: t('incidents.open.marking'),
  openMarking: t('incidents.open.marking'),
  title: t('incidents.open.name'),
  category: t('incidents.open.category'),
  readers: t('mail-in.readers'),
  files: t('mail-in.files-along'),
  objects: t('mail-in.objects-along'),
  why: t('mail-in.why'),
})
