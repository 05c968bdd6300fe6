import type { BesideDraft, Draft, Visit } from '../../core/module/types.ts'
import { newId } from '../../protocol/index.ts'
import { formatDateTime } from '../../text/index.ts'
import { Button, Checkbox, ErrorSummary, Form, Hidden, Section, TextArea, Trouble } from '../../web/index.ts'
import { Signed } from '../frame/index.ts'
import { type Copied, findCopied, listNoted, type Noted, unnoted } from './find-copied.ts'

/** At the review of any draft: which words under an embargo it holds, and why somebody lets it go all the same. */
export async function copiedBesideDraft(
  visit: Visit,
  draft: Draft,
  errors: Record<string, string>,
): Promise<BesideDraft> {
  const { services, viewer, t } = visit
  const isOpen = draft.state === 'drafting' || draft.state === 'awaiting-release'
  const [copied, noted] = await Promise.all([
    isOpen ? findCopied(services, viewer, draft) : [],
    listNoted(services, draft.id),
  ])
  const open = unnoted(copied, noted, draft.approval)
  if (copied.length === 0 && noted.length === 0) return {}
  return {
    beside: (
      <Section title={t('embargo.title')} id="embargo">
        {copied.map((one) => (
          <Passage key={one.key} visit={visit} one={one} />
        ))}
        {noted.map((one) => (
          <Said key={one.at} visit={visit} one={one} isNow={one.approval === draft.approval} />
        ))}
        {open.length > 0 && <NoteForm visit={visit} draft={draft} errors={errors} />}
      </Section>
    ),
    ...(open.length > 0 && { atRelease: [t('embargo.open-at-release')] }),
  }
}

function Passage({ visit: { t, language, viewer }, one }: { visit: Visit; one: Copied }) {
  const title = one.title[language] ?? one.title.en ?? Object.values(one.title)[0] ?? ''
  const until = one.until === undefined ? undefined : formatDateTime(one.until, viewer.person.zone, language)
  return (
    <Trouble
      what={
        <>
          {until === undefined ? t('embargo.copied-open', { title }) : t('embargo.copied', { title, until })}{' '}
          <q dir="auto">{one.passage}</q>
        </>
      }
      do={
        <>
          {t('embargo.take-out')} <a href={one.href}>{t('embargo.see')}</a>
        </>
      }
    />
  )
}

function Said({ visit, one, isNow }: { visit: Visit; one: Noted; isNow: boolean }) {
  const { t } = visit
  return (
    <div class="comment">
      <p>{t(isNow ? 'embargo.noted' : 'embargo.noted-before')}</p>
      <p dir="auto">{one.why}</p>
      <Signed visit={visit} by={one.by} at={one.at} />
    </div>
  )
}

function NoteForm({
  visit: { t, values = {} },
  draft,
  errors,
}: {
  visit: Visit
  draft: Draft
  errors: Record<string, string>
}) {
  const labels = { meant: t('embargo.meant'), embargoWhy: t('embargo.why') }
  const own = Object.fromEntries(Object.entries(errors).filter(([name]) => name in labels))
  return (
    <>
      <ErrorSummary errors={own} labels={labels} />
      <Form action={`/drafts/${draft.id}/embargo`} label={t('embargo.title')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="approval" value={draft.approval} />
        <Checkbox name="meant" label={labels.meant} checked={values.meant === 'yes'} error={errors.meant} />
        <TextArea
          name="embargoWhy"
          label={labels.embargoWhy}
          hint={t('embargo.why-hint')}
          value={typeof values.embargoWhy === 'string' ? values.embargoWhy : ''}
          error={errors.embargoWhy}
          rows={3}
          maxlength={4000}
          required
        />
        <Button plain label={t('embargo.do')} />
      </Form>
    </>
  )
}
