import { z } from 'zod'
import { hash, language, paragraphsOf } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Composer, ComposerProps, SpaceFacts } from '../../../core/module/types.ts'
import { languageName, languages } from '../../../text/index.ts'
import { newId } from '../../../protocol/index.ts'
import { Field, Hidden, Select, TextArea } from '../../../web/index.ts'
import { statementKinds } from '../acts.ts'
import { hashOfDraft, readBrackets } from '../bracketed-text.ts'
import { listItems, listOpenSeekings, listStatements } from '../queries.ts'

const empty = z.literal('').transform(() => undefined)
const itemId = z.string().regex(/^[0-9a-f]{32}$/)
const text = z.string().trim().min(1).max(100_000)

function hasRole(space: SpaceFacts, party: string, role: 'member' | 'chair'): boolean {
  return (
    space.kind === 'forum' &&
    space.members.some((one) => one.party === party && one.role === role && one.until === undefined)
  )
}

async function ItemSelect({ services, viewer, space, values, errors, query, t }: ComposerProps) {
  const items = await listItems(services.db, [space.id])
  const titles = await revealedContents<unknown, { title: string }>(
    services,
    viewer,
    items.map((one) => one.hash),
  )
  return (
    <Select
      name="item"
      label={t('forums.statement.item')}
      value={String(values.item ?? query.get('item') ?? items.at(-1)?.item ?? '')}
      error={errors.item}
      options={items.map((one) => ({
        value: one.item,
        label: titles.get(one.hash)?.text?.title ?? t('forums.withheld'),
      }))}
    />
  )
}

const itemInput = z.object({ item: z.union([itemId, empty]).optional(), title: z.string().trim().min(1).max(300) })

export const itemComposer: Composer<z.infer<typeof itemInput>> = {
  type: 'forums.item-opened',
  wish: 'forums.wish.item',
  input: itemInput,
  mayStart: async (services, viewer, space) =>
    hasRole(space, services.party, 'chair') && viewer.may('forums.item-opened:draft'),
  Fields: async ({ values, errors, t }) => (
    <>
      <Hidden name="item" value={String(values.item ?? newId())} />
      <Field
        name="title"
        label={t('forums.item.title')}
        value={String(values.title ?? '')}
        error={errors.title}
        required
        maxlength={300}
      />
    </>
  ),
  compose: async (_services, _viewer, _space, input, draft) => ({
    // The draft's own id serves where a client sent none: it is as unique and stays the same.
    body: { item: input.item ?? draft.id },
    text: { title: input.title },
  }),
}

const statementInput = z.object({
  item: itemId,
  kind: z.enum(statementKinds),
  to: z.union([empty, hash]).optional(),
  language,
  text,
})

async function StatementFields(props: ComposerProps) {
  const { services, viewer, space, values, errors, query, t, language: reader } = props
  const others = (await listStatements(services.db, [space.id])).filter((one) => one.author !== services.party)
  const contents = await revealedContents<unknown, { paragraphs: string[] }>(
    services,
    viewer,
    others.map((one) => one.hash),
  )
  return (
    <>
      {await ItemSelect(props)}
      <Select
        name="kind"
        label={t('forums.statement.kind')}
        value={String(values.kind ?? query.get('kind') ?? 'statement')}
        error={errors.kind}
        options={statementKinds.map((kind) => ({ value: kind, label: t(`forums.kind.${kind}`) }))}
      />
      <Select
        name="to"
        label={t('forums.statement.to')}
        hint={t('forums.statement.to-hint')}
        value={String(values.to ?? query.get('to') ?? '')}
        error={errors.to}
        options={[
          { value: '', label: t('forums.statement.to-nobody') },
          ...others.map((one) => ({
            value: one.hash,
            label: `${services.nameOf(one.author, reader)}: ${(contents.get(one.hash)?.text?.paragraphs[0] ?? '').slice(0, 70)}`,
          })),
        ]}
      />
      <Select
        name="language"
        label={t('forums.statement.language')}
        value={String(values.language ?? reader)}
        error={errors.language}
        options={languages().map((one) => ({ value: one, label: languageName(one) }))}
      />
      <TextArea
        name="text"
        label={t('forums.statement.text')}
        hint={t('forums.statement.text-hint')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={10}
        required
      />
    </>
  )
}

export const statementComposer: Composer<z.infer<typeof statementInput>> = {
  type: 'forums.statement-made',
  wish: 'forums.wish.statement',
  input: statementInput,
  mayStart: async (services, viewer, space) =>
    hasRole(space, services.party, 'member') &&
    viewer.may('forums.statement-made:draft') &&
    (await listItems(services.db, [space.id])).length > 0,
  Fields: StatementFields,
  compose: async (_services, _viewer, _space, input) => ({
    body: { item: input.item, kind: input.kind, ...(input.to ? { to: input.to } : {}), language: input.language },
    text: { paragraphs: paragraphsOf(input.text) },
    ...(input.to ? { refs: [{ act: input.to }] } : {}),
  }),
}

const draftInput = z.object({ item: itemId, title: z.string().trim().min(1).max(300), text })

export const draftComposer: Composer<z.infer<typeof draftInput>> = {
  type: 'forums.draft-tabled',
  wish: 'forums.wish.draft',
  input: draftInput,
  mayStart: async (services, viewer, space) =>
    hasRole(space, services.party, 'member') &&
    viewer.may('forums.draft-tabled:draft') &&
    (await listItems(services.db, [space.id])).length > 0,
  Fields: async (props) => (
    <>
      {await ItemSelect(props)}
      <Field
        name="title"
        label={props.t('forums.draft.title')}
        value={String(props.values.title ?? '')}
        error={props.errors.title}
        required
        maxlength={300}
      />
      <TextArea
        name="text"
        label={props.t('forums.draft.text')}
        hint={props.t('forums.draft.text-hint')}
        value={String(props.values.text ?? '')}
        error={props.errors.text}
        rows={10}
        required
      />
    </>
  ),
  async compose(_services, _viewer, _space, input) {
    const draft = readBrackets(input.title, paragraphsOf(input.text))
    return {
      body: {
        item: input.item,
        hash: hashOfDraft(draft),
        brackets: Object.entries(draft.options).map(([id, options]) => ({ id, options: options.length })),
      },
      text: draft,
    }
  },
}

const objectionInput = z.object({ sought: hash, reason: z.string().trim().min(1).max(4_000) })

export const objectionComposer: Composer<z.infer<typeof objectionInput>> = {
  type: 'forums.objection-raised',
  wish: 'forums.wish.objection',
  input: objectionInput,
  mayStart: async (services, viewer, space) =>
    hasRole(space, services.party, 'member') &&
    viewer.may('forums.objection-raised:draft') &&
    (await listOpenSeekings(services.db, space.id)).length > 0,
  Fields: async ({ services, space, values, errors, query, t }) => (
    <>
      <Hidden
        name="sought"
        value={String(
          values.sought ?? query.get('sought') ?? (await listOpenSeekings(services.db, space.id)).at(-1)?.hash ?? '',
        )}
      />
      <TextArea
        name="reason"
        label={t('forums.objection.reason')}
        value={String(values.reason ?? '')}
        error={errors.reason}
        rows={5}
        required
      />
    </>
  ),
  compose: async (_services, _viewer, _space, input) => ({
    body: { sought: input.sought },
    text: { reason: input.reason },
    refs: [{ act: input.sought }],
  }),
}
