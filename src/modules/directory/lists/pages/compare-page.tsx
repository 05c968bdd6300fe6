import type { SpaceFacts, Visit } from '../../../../core/module/types.ts'
import { Button, Details, Entry, Form, PageHead, Quiet, Section, Select } from '../../../../web/index.ts'
import { nameIn } from '../../../entrance/index.ts'
import { Framed } from '../../../frame/index.ts'
import type { Compared } from '../compare.ts'
import type { Listed, Problem } from '../listed-contact.ts'
import { DifferenceTable, Heading, ProblemList } from './difference-list.tsx'
import { ListFields } from './import-pages.tsx'

interface Props {
  visit: Visit<any>
  parties: readonly string[]
  directories: readonly SpaceFacts[]
  errors?: Record<string, string>
  result?: { compared: Compared; problems: readonly Problem[]; isList: boolean }
}

/** Two directories: what only one has, and what differs field by field. Made to be printed. */
export function ComparePage(props: Props) {
  const { visit, result } = props
  const { t } = visit
  const title = t('directory.lists.compare')
  return (
    <Framed visit={visit} title={title} current="/directory">
      <PageHead title={title} lead={t('directory.lists.compare-lead')} />
      {result ? (
        <>
          <Result {...props} result={result} />
          <Details summary={t('directory.lists.compare-other')}>
            <CompareForm {...props} />
          </Details>
        </>
      ) : (
        <CompareForm {...props} />
      )}
    </Framed>
  )
}

function CompareForm({ visit, parties, directories, errors = {} }: Props) {
  const { t, language, values = {} } = visit
  const options = directories.map((space) => ({ value: space.id, label: nameIn(space.title, language, space.id) }))
  return (
    <Form action="/directory/compare" enctype="multipart/form-data" label={t('directory.lists.compare')}>
      <Select
        name="first"
        label={t('directory.lists.first')}
        value={String(values.first ?? '')}
        options={[{ value: '', label: t('directory.lists.all-directories') }, ...options]}
      />
      <Select
        name="second"
        label={t('directory.lists.second')}
        value={String(values.second ?? '')}
        options={[{ value: '', label: t('directory.lists.a-list') }, ...options]}
      />
      <ListFields visit={visit} parties={parties} errors={errors} />
      <Button label={t('directory.lists.do-compare')} />
    </Form>
  )
}

function Result({ visit, result: { compared, problems, isList } }: Props & { result: NonNullable<Props['result']> }) {
  const { t } = visit
  const { added, missing, changed, same } = compared
  return (
    <>
      <Section title={t('directory.lists.differ', { count: changed.length })}>
        {changed.map(({ before, differences }) => (
          <Entry key={JSON.stringify(before)}>
            <h3>
              <Heading visit={visit} contact={before} />
            </h3>
            <DifferenceTable
              visit={visit}
              differences={differences}
              head={[t('directory.lists.first'), t('directory.lists.second')]}
            />
          </Entry>
        ))}
      </Section>
      <OnlyIn visit={visit} title={t('directory.lists.only-first', { count: missing.length })} contacts={missing} />
      <OnlyIn visit={visit} title={t('directory.lists.only-second', { count: added.length })} contacts={added} />
      <Quiet>{t('directory.lists.same', { count: same.length })}</Quiet>
      {isList && (
        <Section title={t('directory.lists.unreadable')}>
          <ProblemList visit={visit} problems={problems} />
        </Section>
      )}
    </>
  )
}

function OnlyIn({ visit, title, contacts }: { visit: Visit<any>; title: string; contacts: readonly Listed[] }) {
  return (
    <Section title={title}>
      <ul>
        {contacts.map((contact) => (
          <li key={JSON.stringify(contact)}>
            <Heading visit={visit} contact={contact} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
