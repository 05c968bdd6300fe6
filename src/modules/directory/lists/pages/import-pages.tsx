import type { SpaceFacts, Visit } from '../../../../core/module/types.ts'
import {
  Button,
  Entry,
  FileField,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Field,
  TextArea,
} from '../../../../web/index.ts'
import { nameIn } from '../../../entrance/index.ts'
import { Framed } from '../../../frame/index.ts'
import type { ImportPlan, PlannedEntry } from '../plan-import.ts'
import { DifferenceTable, Heading, ProblemList } from './difference-list.tsx'

interface FormProps {
  visit: Visit<any>
  parties: readonly string[]
  errors?: Record<string, string>
}

/** The list itself: a file or what was pasted, and whose entries are that name no party. */
export function ListFields({ visit, parties, errors = {} }: FormProps) {
  const { t, language, services, values = {} } = visit
  return (
    <>
      <FileField
        name="file"
        label={t('directory.lists.file')}
        hint={t('directory.lists.file-hint')}
        error={errors.file}
        accept=".csv,.vcf,.json,text/csv,text/vcard,application/json"
      />
      <TextArea
        name="text"
        label={t('directory.lists.text')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={6}
        required={false}
      />
      <Select
        name="party"
        label={t('directory.lists.party')}
        hint={t('directory.lists.party-hint')}
        value={String(values.party ?? '')}
        error={errors.party}
        placeholder={t('directory.lists.party-in-list')}
        required={false}
        options={parties.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
      />
    </>
  )
}

/** A list is given; nothing is written before the next page was confirmed. */
export function ImportPage(props: FormProps) {
  const { visit, errors = {} } = props
  const { t, values = {} } = visit
  return (
    <Framed visit={visit} title={t('directory.lists.import')} current="/directory">
      <PageHead title={t('directory.lists.import')} lead={t('directory.lists.import-lead')} />
      <Form action="/directory/import" enctype="multipart/form-data">
        <ListFields {...props} />
        <Field
          name="toldBy"
          label={t('directory.lists.told-by')}
          hint={t('directory.lists.told-by-hint')}
          value={String(values.toldBy ?? '')}
          error={errors.toldBy}
          required
          maxlength={200}
        />
        <Button label={t('directory.lists.preview')} />
      </Form>
    </Framed>
  )
}

interface PreviewProps {
  visit: Visit<any>
  id: string
  plan: ImportPlan
  given: { text: string; party?: string; toldBy: string }
  directories: readonly SpaceFacts[]
}

/** What keeping the list would do, entry by entry and field by field. */
export function PreviewPage({ visit, id, plan, given, directories }: PreviewProps) {
  const { t, language } = visit
  const [own, others] = [plan.entries.filter((one) => one.isOurs), plan.entries.filter((one) => !one.isOurs)]
  const news = plan.entries.filter((one) => one.state !== 'same')
  const same = plan.entries.length - news.length
  const ownNews = own.filter((one) => one.state !== 'same')
  return (
    <Framed visit={visit} title={t('directory.lists.preview-title')} current="/directory">
      <PageHead
        title={t('directory.lists.preview-title')}
        lead={t('directory.lists.preview-lead', { count: news.length, same, wrong: plan.problems.length })}
      />
      <Form action="/directory/import/keep" enctype="multipart/form-data">
        <Hidden name="id" value={id} />
        <Hidden name="text" value={given.text} />
        <Hidden name="toldBy" value={given.toldBy} />
        {given.party !== undefined && <Hidden name="party" value={given.party} />}
        <Planned
          visit={visit}
          entries={others}
          title={t('directory.lists.of-others')}
          hint={t('directory.lists.of-others-hint', { toldBy: given.toldBy })}
        />
        <Planned
          visit={visit}
          entries={own}
          title={t('directory.lists.our-own')}
          hint={t('directory.lists.our-own-hint')}
        />
        {ownNews.length > 0 && (
          <Select
            name="space"
            label={t('directory.lists.into')}
            value={directories[0]?.id ?? ''}
            options={directories.map((space) => ({ value: space.id, label: nameIn(space.title, language, space.id) }))}
          />
        )}
        <Section title={t('directory.lists.unreadable')}>
          <ProblemList visit={visit} problems={plan.problems} />
        </Section>
        <Row>
          {news.length > 0 && <Button label={t('directory.lists.keep')} />}
          <LinkButton plain href="/directory/import" label={t('directory.lists.another')} />
        </Row>
      </Form>
    </Framed>
  )
}

function Planned({
  visit,
  entries,
  title,
  hint,
}: {
  visit: Visit<any>
  entries: readonly PlannedEntry[]
  title: string
  hint: string
}) {
  const { t } = visit
  const news = entries.filter((one) => one.state !== 'same')
  if (entries.length === 0) return null
  return (
    <Section title={title}>
      <Quiet>{hint}</Quiet>
      {news.length < entries.length && (
        <Quiet>{t('directory.lists.same', { count: entries.length - news.length })}</Quiet>
      )}
      {news.map((entry) => (
        <Entry key={entry.line} margin={t('directory.lists.line', { line: entry.line })}>
          <h3>
            <Heading visit={visit} contact={entry.contact} />
          </h3>
          <DifferenceTable
            visit={visit}
            differences={entry.state === 'changed' ? entry.differences : asNew(entry)}
            head={[t('directory.lists.stands'), t('directory.lists.list-says')]}
          />
          <Take visit={visit} entry={entry} />
        </Entry>
      ))}
    </Section>
  )
}

function Take({ visit: { t }, entry }: { visit: Visit<any>; entry: PlannedEntry }) {
  const id = `take-${entry.line}`
  return (
    <div class="choice">
      <input id={id} type="checkbox" name="take" value={entry.line} checked />
      <label for={id}>{t(`directory.lists.take-${entry.state}`)}</label>
    </div>
  )
}

function asNew({ contact }: PlannedEntry) {
  return Object.entries(contact).flatMap(([field, after]) =>
    field === 'id' || field === 'party' ? [] : [{ field: field as keyof typeof contact, after }],
  )
}
