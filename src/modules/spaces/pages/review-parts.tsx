import type { ComponentChildren } from 'preact'
import type { FaceProps, Json, Visit } from '../../../core/module/types.ts'
import { createTranslator, formatSize, isMessageKey, languages } from '../../../text/index.ts'
import { Details, LeavesStays, Pairs, Paper, Quiet, Table, TlpLabel } from '../../../web/index.ts'
import { type Carried, formOfDraft } from '../compose-draft.ts'
import { changesBetween } from '../draft-changes.ts'
import type { Review } from '../load-review.ts'
import { findFace } from '../show-acts.ts'
import { activeMembers, listNames } from '../space-words.ts'

/** The draft through its face, in the language it is written in. */
export function Letter({ review: { visit, draft, shown, facts } }: { review: Review }) {
  const { services, viewer } = visit
  const face = findFace(services, draft.type)
  const written = languageOf(draft.body) ?? visit.language
  const props: FaceProps = {
    shown,
    facts,
    services,
    viewer,
    t: createTranslator(written),
    language: written,
  }
  if (!face) return <Quiet>{draft.type}</Quiet>
  return (
    <Paper language={written}>
      <face.Document {...props} />
    </Paper>
  )
}

/** The language of the letter, which is the addressee's concern; ours where it says none or one we have no words for. */
function languageOf(body: Json): string | undefined {
  const { language } = (body ?? {}) as { language?: Json }
  return typeof language === 'string' && languages().includes(language) ? language : undefined
}

export function Boxes({ review: { visit, draft } }: { review: Review }) {
  const { t, services, language } = visit
  const form = formOfDraft(draft)
  const letter = findFace(services, draft.type)?.form(t, draft.body) ?? draft.type
  const leaves: ComponentChildren[] = [
    <>
      {t('spaces.review.one-letter', { form: letter })} <TlpLabel marking={draft.marking} />
    </>,
    ...draft.attachments.map((one) => (
      <>
        {one.title && (
          <>
            <bdi>{one.title}</bdi> ·{' '}
          </>
        )}
        <bdi>{one.name}</bdi> · {formatSize(one.size, language)} <TlpLabel marking={one.marking} />
      </>
    )),
    ...(form?.leaves ?? []).map((one) => <CarriedLine one={one} others={form?.stays ?? []} t={t} />),
  ]
  const stays: ComponentChildren[] = [
    ...(form?.stays ?? []).map((one) => <CarriedLine one={one} others={form?.leaves ?? []} t={t} />),
    t('spaces.review.drafting-stays'),
  ]
  return <LeavesStays leaves={leaves} stays={stays} />
}

/** "12 of 15 objects marked TLP:AMBER": how many of that kind are in this box, out of both. */
function CarriedLine({ one, others, t }: { one: Carried; others: Carried[]; t: Visit['t'] }) {
  const inOther = others.filter((other) => other.what === one.what).reduce((sum, other) => sum + other.count, 0)
  const why = one.why && isMessageKey(`spaces.stays.${one.why}`) ? t(`spaces.stays.${one.why}`) : one.why
  return (
    <>
      {t('spaces.review.objects', { count: one.count, of: one.count + inOther, what: one.what })}
      {why && ` – ${why}`}
    </>
  )
}

export function Record({ review: { visit, draft, space, pages, officeName } }: { review: Review }) {
  const { services, t, language } = visit
  const readers = activeMembers(space, services.party)
    .map((one) => one.party)
    .filter((party) => party !== services.party)
  return (
    <Pairs
      items={[
        { term: t('spaces.review.readers'), detail: listNames(readers, services, language) },
        pages !== undefined && { term: t('spaces.review.pages'), detail: pages.join(' ') },
        { term: t('spaces.about.ordered-by'), detail: services.nameOf(space.host, language) },
        { term: t('markings.marking'), detail: <TlpLabel marking={draft.marking} /> },
        draft.marking.audience && {
          term: t('spaces.write.audience'),
          detail: listNames(draft.marking.audience, services, language),
        },
        { term: t('common.office'), detail: <bdi>{officeName}</bdi> },
        { term: t('spaces.review.on-record'), detail: t('spaces.review.on-record-explained') },
      ]}
    />
  )
}

export function Changes({ review: { visit, draft, previous } }: { review: Review }) {
  const { t } = visit
  if (!previous) return null
  const changes = changesBetween(previous, draft)
  return (
    <Details summary={t('spaces.review.changes', { count: changes.length })} open>
      {changes.length === 0 ? (
        <Quiet>{t('spaces.review.no-changes')}</Quiet>
      ) : (
        <Table
          caption={t('spaces.review.changes', { count: changes.length })}
          quietCaption
          head={[t('spaces.review.place'), t('spaces.review.before'), t('spaces.review.after')]}
          rows={changes.map((one) => [<code>{one.place}</code>, <del>{one.before}</del>, <ins>{one.after}</ins>])}
        />
      )}
    </Details>
  )
}
