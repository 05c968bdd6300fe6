import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import { hash, partyName } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { createTranslator, languageName, languages } from '../../../text/index.ts'
import { Field, Hidden, Quiet, Select, TextArea } from '../../../web/index.ts'
import { agreedText, type AgreedText, type TextProposedBody } from '../acts.ts'
import { listNorms, normTitle } from '../norms.ts'
import { findText, partiesOf } from '../queries.ts'
import { hashOfText } from '../text-hash.ts'

const kinds = new Set(['case', 'channel', 'negotiation', 'forum'])
const maxParagraphs = 20

const textInput = z.looseObject({
  languages: z.string().regex(/^[a-zA-Z-]{2,12}(,[a-zA-Z-]{2,12}){0,11}$/),
  count: z.coerce.number().int().min(1).max(maxParagraphs),
  supersedes: z.union([z.literal('').transform(() => undefined), hash]).optional(),
  resolvedSpace: z.string().max(32).optional(),
  resolvedAct: z.string().max(43).optional(),
})
type TextInput = z.infer<typeof textInput>

function canBind(space: SpaceFacts): boolean {
  return kinds.has(space.kind) && partiesOf(space).length >= 2
}

async function TextFields(props: ComposerProps) {
  const { values, query, t, services, viewer, space } = props
  const older = await findText(services, viewer, String(values.supersedes ?? query.get('supersedes') ?? ''))
  // A form that was begun with words has both: a link adds to what stands in it.
  const asked = [values.languages, query.get('languages')].flatMap((one) => (one ? String(one).split(',') : []))
  const chosen = asked.length > 0 ? [...new Set(asked)] : (older?.body.languages ?? ['en', 'fr'])
  const begun = await wordsOf(props, query.get('from'))
  const counts = [values.count, query.get('count')].flatMap((one) => (one ? [countOf(one)] : []))
  const count =
    counts.length > 0 ? Math.max(...counts) : countOf(older?.body.paragraphs.length ?? begun?.paragraphs.length ?? 3)
  const before = older ? valuesOf(older.body, older.text) : begun ? valuesBegun(begun, chosen[0] ?? 'en') : {}
  const filled = { ...before, ...values }
  // What the form was begun from goes along with every further paragraph and language.
  const again = (changed: Record<string, string>) => {
    const given = { count: String(count), languages: chosen.join(','), ...(older && { supersedes: older.state.hash }) }
    return `?${new URLSearchParams({ ...Object.fromEntries(query), ...given, ...changed })}`
  }
  return (
    <>
      <Hidden name="languages" value={chosen.join(',')} />
      <Hidden name="count" value={count} />
      <Hidden name="supersedes" value={older?.state.hash ?? ''} />
      <Hidden name="resolvedSpace" value={String(filled.resolvedSpace ?? query.get('resolvedSpace') ?? '')} />
      <Hidden name="resolvedAct" value={String(filled.resolvedAct ?? query.get('resolvedAct') ?? '')} />
      <Quiet small>
        {t('agreements.text.more')}{' '}
        <a href={again({ count: String(Math.min(count + 1, maxParagraphs)) })}>{t('agreements.text.one-more')}</a>
        {languages()
          .filter((one) => !chosen.includes(one))
          .map((one) => (
            <span key={one}>
              {' · '}
              <a href={again({ languages: [...chosen, one].join(',') })}>
                {t('agreements.text.add-language', { language: languageName(one) })}
              </a>
            </span>
          ))}
      </Quiet>
      <Words name="title" label={t('agreements.text.title')} {...props} values={filled} chosen={chosen} />
      {Array.from({ length: count }, (_, index) => (
        <ParagraphFields
          key={index}
          {...props}
          values={filled}
          chosen={chosen}
          id={`p${index + 1}`}
          parties={partiesOf(space)}
        />
      ))}
      <Words
        name="disclaimer"
        label={t('agreements.text.disclaimer')}
        {...props}
        values={{ ...Object.fromEntries(chosen.map((one) => [`disclaimer_${one}`, disclaimerIn(one)])), ...filled }}
        chosen={chosen}
      />
    </>
  )
}

/** Title and paragraphs of another act, with which a text begins: a draft of a forum, the single text of a mediator. */
interface Begun {
  title: string
  paragraphs: string[]
}

async function wordsOf({ services, viewer }: ComposerProps, from: string | null): Promise<Begun | undefined> {
  if (from === null || !hash.safeParse(from).success) return undefined
  const { text } = (await revealedContents<unknown, Partial<Begun>>(services, viewer, [from])).get(from) ?? {}
  const isWhole = typeof text?.title === 'string' && Array.isArray(text.paragraphs)
  return isWhole ? (text as Begun) : undefined
}

const valuesBegun = ({ title, paragraphs }: Begun, language: string): Record<string, string> =>
  Object.fromEntries([
    [`title_${language}`, title],
    ...paragraphs.slice(0, maxParagraphs).map((words, index) => [`p${index + 1}_${language}`, words]),
  ])

function countOf(value: unknown): number {
  const count = Number(value)
  return Number.isInteger(count) && count >= 1 && count <= maxParagraphs ? count : 3
}

/** The standing disclaimer in a language, English where we have none. */
function disclaimerIn(language: string): string {
  return createTranslator(language)('agreements.disclaimer')
}

function valuesOf(body: TextProposedBody, text: AgreedText): Record<string, string> {
  const values: Record<string, string> = {}
  for (const language of body.languages) {
    values[`title_${language}`] = text.title[language] ?? ''
    values[`disclaimer_${language}`] = text.disclaimer[language] ?? ''
    for (const { id } of body.paragraphs) values[`${id}_${language}`] = text.paragraphs[id]?.[language] ?? ''
  }
  for (const { id, norm, owner, due } of body.paragraphs)
    Object.assign(values, { [`${id}_norm`]: norm, [`${id}_owner`]: owner, [`${id}_due`]: due })
  return values
}

/** The same words in every language of the text, each in its own direction. */
function Words({
  name,
  label,
  values,
  errors,
  chosen,
}: { name: string; label: string; chosen: string[] } & Pick<ComposerProps, 'values' | 'errors'>) {
  return (
    <>
      {chosen.map((language) => (
        <TextArea
          key={language}
          name={`${name}_${language}`}
          label={`${label} · ${languageName(language)}`}
          value={String(values[`${name}_${language}`] ?? '')}
          error={errors[`${name}_${language}`]}
          language={language}
          rows={name === 'title' ? 2 : 4}
          required
        />
      ))}
    </>
  )
}

function ParagraphFields(props: ComposerProps & { chosen: string[]; id: string; parties: string[] }) {
  const { id, values, errors, t, language, services, parties } = props
  const value = (name: string) => String(values[`${id}_${name}`] ?? '')
  return (
    <fieldset>
      <legend>{t('agreements.text.paragraph', { number: id.slice(1) })}</legend>
      <Words name={id} label={t('agreements.text.wording')} {...props} />
      <Select
        name={`${id}_norm`}
        label={t('agreements.text.norm')}
        value={value('norm')}
        error={errors[`${id}_norm`]}
        placeholder=""
        required
        options={listNorms().map(({ letter }) => ({
          value: letter,
          label: `13 (${letter}) ${normTitle(letter, language)}`,
        }))}
      />
      <Select
        name={`${id}_owner`}
        label={t('agreements.text.owner')}
        value={value('owner')}
        error={errors[`${id}_owner`]}
        placeholder=""
        required
        options={parties.map((party) => ({ value: party, label: services.nameOf(party, language) }))}
      />
      <Field
        name={`${id}_due`}
        type="date"
        label={t('agreements.text.due')}
        value={value('due')}
        error={errors[`${id}_due`]}
        required
      />
    </fieldset>
  )
}

function readText(input: TextInput, chosen: string[]): AgreedText {
  const word = (name: string): string => {
    const typed = input[name]
    if (typeof typed !== 'string' || typed.trim() === '') throw new Refusal('agreements-missing', { field: name })
    return typed.replaceAll('\r\n', '\n').trim()
  }
  const inAll = (name: string) => Object.fromEntries(chosen.map((language) => [language, word(`${name}_${language}`)]))
  return agreedText.parse({
    title: inAll('title'),
    paragraphs: Object.fromEntries(
      Array.from({ length: input.count }, (_, index) => [`p${index + 1}`, inAll(`p${index + 1}`)]),
    ),
    disclaimer: inAll('disclaimer'),
  })
}

function readParagraphs(input: TextInput, space: SpaceFacts): TextProposedBody['paragraphs'] {
  const parties = partiesOf(space)
  const checked = <T,>(name: string, schema: z.ZodType<T>): T => {
    const read = schema.safeParse(input[name])
    if (!read.success) throw new Refusal('agreements-missing', { field: name })
    return read.data
  }
  return Array.from({ length: input.count }, (_, index) => {
    const id = `p${index + 1}`
    const owner = checked(`${id}_owner`, partyName)
    if (!parties.includes(owner)) throw new Refusal('agreements-owner-not-a-party', { field: `${id}_owner` })
    return {
      id,
      norm: checked(`${id}_norm`, z.string().regex(/^[a-k]$/)),
      owner,
      due: checked(`${id}_due`, z.iso.date()),
      zone: space.terms.zone ?? 'Etc/UTC',
    }
  })
}

/** Whether this person may propose a text in a space. */
export const mayProposeText = (viewer: Viewer, space: SpaceFacts): boolean =>
  canBind(space) && viewer.may('agreements.text-proposed:draft')

export const textComposer: Composer<TextInput> = {
  type: 'agreements.text-proposed',
  wish: 'agreements.wish.text',
  input: textInput,
  mayStart: async (_services, viewer, space) => mayProposeText(viewer, space),
  Fields: TextFields,
  async compose(_services, _viewer, space, input) {
    const chosen = [...new Set(input.languages.split(','))]
    const text = readText(input, chosen)
    const body: TextProposedBody = {
      languages: chosen,
      hash: hashOfText(text),
      paragraphs: readParagraphs(input, space),
      parties: partiesOf(space),
      ...(input.supersedes ? { supersedes: input.supersedes } : {}),
      ...(input.resolvedSpace && input.resolvedAct
        ? { resolvedIn: { space: input.resolvedSpace, act: input.resolvedAct } }
        : {}),
    }
    return { body, text }
  },
}

const agreedInput = z.object({ proposal: hash })

export const agreedComposer: Composer<z.infer<typeof agreedInput>> = {
  type: 'agreements.text-agreed',
  wish: 'agreements.wish.agree',
  input: agreedInput,
  mayStart: async (services, viewer, space) =>
    viewer.may('agreements.text-agreed:draft') && (await openTexts(services, space)).length > 0,
  async Fields({ services, viewer, space, values, query, t, language, errors }) {
    const open = await openTexts(services, space)
    const texts = await Promise.all(open.map((one) => findText(services, viewer, one.hash)))
    return (
      <>
        <Quiet>{t('agreements.agreed.meaning')}</Quiet>
        <Select
          name="proposal"
          label={t('agreements.agreed.which')}
          value={String(values.proposal ?? query.get('proposal') ?? open[0]?.hash ?? '')}
          error={errors.proposal}
          options={texts.flatMap((one) =>
            one
              ? [
                  {
                    value: one.state.hash,
                    label: `${one.text.title[language] ?? Object.values(one.text.title)[0]} · ${one.state.textHash.slice(0, 12)}…`,
                  },
                ]
              : [],
          )}
        />
      </>
    )
  },
  async compose(services, viewer, _space, input) {
    const found = await findText(services, viewer, input.proposal)
    if (!found) throw new Refusal('agreements-no-such-text', { field: 'proposal' })
    // What is agreed to is what was read: recomputed here, never copied from the proposal.
    const read = hashOfText(found.text)
    if (read !== found.state.textHash) throw new Refusal('agreements-hash-differs', { field: 'proposal' })
    return { body: { proposal: input.proposal, hash: read }, refs: [{ act: input.proposal }] }
  },
}

async function openTexts(services: ComposerProps['services'], space: SpaceFacts) {
  const rows = await services.db
    .selectFrom('view.agreements_text as t')
    .innerJoin('view.agreements_party as p', (join) =>
      join.onRef('p.space', '=', 't.space').onRef('p.proposal', '=', 't.hash'),
    )
    .select(['t.hash', 't.text_hash'])
    .where('t.space', '=', space.id)
    .where('t.superseded_by', 'is', null)
    .where('p.party', '=', services.party)
    .where('p.agreed_by', 'is', null)
    .orderBy('t.idx', 'desc')
    .limit(50)
    .execute()
  return rows
}
