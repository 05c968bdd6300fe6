import { z } from 'zod'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { hash, language, paragraphsOf, typedProse } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { languageName, languages } from '../../../text/index.ts'
import { Field, Hidden, ProseFields, Quiet, RadioGroup, Select, TextArea } from '../../../web/index.ts'
import { hashOfDraft, readBrackets, wordingOf } from '../../forums/index.ts'
import { answers, passings, type SaidText, type TabledText } from '../acts.ts'
import { findJoint, mayPass } from '../offices.ts'
import { mediatorOf, officeSpace, sidesOf } from '../roles.ts'

const empty = z.literal('').transform(() => undefined)
const remarks = z.string().trim().max(100_000).default('')

type Starts = (services: Services, viewer: Viewer, space: SpaceFacts) => Promise<boolean>

/** Who may begin such an act here; nobody where the good offices have ended. */
function starts(type: string, where: 'joint' | 'confidence' | undefined, by: 'mediator' | 'side' | undefined): Starts {
  return async ({ db, party }, viewer, space) => {
    const kind = officeSpace(space)
    if (kind === undefined || (where && kind !== where) || !viewer.may(`good-offices.${type}:draft`)) return false
    const isMediator = mediatorOf(space) === party
    if ((by && isMediator !== (by === 'mediator')) || (kind === 'joint' && !isMediator)) return false
    const state = await db
      .selectFrom('view.good_offices_state')
      .select('ended_by')
      .where('space', '=', space.id)
      .executeTakeFirst()
    return !state?.ended_by
  }
}

const labelsOf = (t: ComposerProps['t']) => ({ subject: t('channels.note.subject'), text: t('channels.note.body') })

const saidInput = z.object({ ...typedProse, passing: z.enum(passings) })

export const saidComposer: Composer<z.infer<typeof saidInput>> = {
  type: 'good-offices.confidence-said',
  wish: 'good-offices.wish.said',
  input: saidInput,
  mayStart: starts('confidence-said', 'confidence', undefined),
  async Fields({ services, space, values, errors, t }) {
    const isMediator = mediatorOf(space) === services.party
    return (
      <>
        <ProseFields values={values} errors={errors} labels={labelsOf(t)} />
        {isMediator ? (
          <Hidden name="passing" value="keep" />
        ) : (
          <RadioGroup
            name="passing"
            label={t('good-offices.passing.label')}
            value={String(values.passing ?? 'keep')}
            error={errors.passing}
            options={passings.map((one) => ({
              value: one,
              label: t(`good-offices.passing.${one}`),
              hint: t(`good-offices.passing.${one}-hint`),
            }))}
          />
        )}
      </>
    )
  },
  compose: async (_services, _viewer, _space, input) => ({
    body: { passing: input.passing },
    text: { subject: input.subject, paragraphs: paragraphsOf(input.text) },
  }),
}

const passedInput = z.object({ ...typedProse, said: z.union([empty, hash]).optional() })

export const passedOnComposer: Composer<z.infer<typeof passedInput>> = {
  type: 'good-offices.passed-on',
  wish: 'good-offices.wish.passed',
  input: passedInput,
  mayStart: starts('passed-on', 'confidence', 'mediator'),
  async Fields({ services, viewer, space, values, errors, query, t, language: reader }) {
    const said = String(values.said ?? query.get('said') ?? '')
    const words = (await revealedContents<unknown, SaidText>(services, viewer, [said])).get(said)?.text
    const [side = ''] = sidesOf(space)
    const filled = { subject: words?.subject ?? '', text: words?.paragraphs.join('\n\n') ?? '', ...values }
    return (
      <>
        <p>{t('good-offices.passed.leaves', { side: services.nameOf(side, reader) })}</p>
        {words && <Quiet>{t('good-offices.passed.check')}</Quiet>}
        <Hidden name="said" value={said} />
        <ProseFields values={filled} errors={errors} labels={labelsOf(t)} />
      </>
    )
  },
  async compose(services, viewer, space, input, draft) {
    if (input.said !== undefined) {
      await requirePassable(services, viewer, { to: space, said: input.said, tlp: draft.marking.tlp })
      await services.db
        .insertInto('home.good_offices_passed')
        .values({ draft: draft.id, said: input.said })
        .onConflict((conflict) => conflict.column('draft').doUpdateSet({ said: input.said! }))
        .execute()
    }
    return { body: {}, text: { subject: input.subject, paragraphs: paragraphsOf(input.text) } }
  },
}

/** What one side said goes to the other only as that side allowed, under no wider marking. */
async function requirePassable(
  services: Services,
  viewer: Viewer,
  { to, said, tlp }: { to: SpaceFacts; said: string; tlp: Parameters<typeof tlpRank>[0] },
): Promise<void> {
  const row = await services.db
    .selectFrom('view.good_offices_said')
    .selectAll()
    .where('hash', '=', said)
    .executeTakeFirst()
  const [from, act] = await Promise.all([row && services.ledger.find(row.space), services.ledger.findAct(said)])
  if (!row || !act || !from || from.under?.space !== to.under?.space) throw new Refusal('not-found')
  if (from.id === to.id) throw new Refusal('good-offices-same-side', { field: 'text' })
  if (row.author !== services.party && !mayPass(row)) {
    const side = services.nameOf(row.author, viewer.person.language)
    throw new Refusal('good-offices-not-allowed', { field: 'text', side })
  }
  if (tlpRank(tlp) < tlpRank(act.statement.marking.tlp))
    throw InvalidInput.at('tlp', 'good-offices.invalid.wider', { tlp: act.statement.marking.tlp })
}

const tabledInput = z.object({ title: z.string().trim().min(1).max(300), text: typedProse.text, language })

export const tabledComposer: Composer<z.infer<typeof tabledInput>> = {
  type: 'good-offices.text-tabled',
  wish: 'good-offices.wish.tabled',
  input: tabledInput,
  mayStart: starts('text-tabled', 'joint', 'mediator'),
  async Fields({ services, viewer, space, values, errors, t, language: reader }) {
    const newest = await newestText(services, space.id)
    const content =
      newest && (await revealedContents<{ language: string }, TabledText>(services, viewer, [newest.hash]))
    const before = newest && content?.get(newest.hash)
    return (
      <>
        <p>{t('good-offices.text.to-both', { version: (newest?.version ?? 0) + 1 })}</p>
        <Field
          name="title"
          label={t('good-offices.text.title')}
          value={String(values.title ?? before?.text?.title ?? '')}
          error={errors.title}
          required
          maxlength={300}
        />
        <Select
          name="language"
          label={t('channels.note.language')}
          value={String(values.language ?? before?.body?.language ?? reader)}
          error={errors.language}
          options={languages().map((one) => ({ value: one, label: languageName(one) }))}
        />
        <TextArea
          name="text"
          label={t('good-offices.text.words')}
          hint={t('good-offices.text.words-hint')}
          value={String(values.text ?? (before?.text ? wordingOf(before.text, new Map()).join('\n\n') : ''))}
          error={errors.text}
          rows={14}
          required
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const text = readBrackets(input.title, paragraphsOf(input.text))
    const newest = await newestText(services, space.id)
    if (newest?.agreed_by) throw new Refusal('good-offices-agreed-already')
    return {
      body: {
        version: (newest?.version ?? 0) + 1,
        language: input.language,
        hash: hashOfDraft(text),
        openBrackets: Object.keys(text.options).length,
      },
      text,
    }
  },
}

const answeredInput = z.object({ version: hash, answer: z.enum(answers), text: remarks })

export const answeredComposer: Composer<z.infer<typeof answeredInput>> = {
  type: 'good-offices.text-answered',
  wish: 'good-offices.wish.answered',
  input: answeredInput,
  mayStart: starts('text-answered', 'confidence', 'side'),
  async Fields({ services, space, values, errors, query, t, language: reader }) {
    const joint = await findJoint(services, space)
    const newest = joint && (await newestText(services, joint.id))
    const version = String(values.version ?? query.get('text') ?? newest?.hash ?? '')
    return (
      <>
        {newest && <Hidden name="version" value={version} />}
        <p>
          {newest
            ? t('good-offices.answer.to', { version: newest.version, open: newest.open_brackets })
            : t('good-offices.text.none')}
        </p>
        <RadioGroup
          name="answer"
          label={t('good-offices.answer.label')}
          value={String(values.answer ?? 'comment')}
          error={errors.answer}
          options={answers.map((one) => ({ value: one, label: t(`good-offices.answer.${one}`) }))}
        />
        <TextArea
          name="text"
          label={t('good-offices.answer.remarks')}
          hint={t('good-offices.answer.remarks-hint', { mediator: services.nameOf(mediatorOf(space), reader) })}
          value={String(values.text ?? '')}
          error={errors.text}
          rows={8}
          required={false}
        />
      </>
    )
  },
  async compose(services, _viewer, space, input) {
    const joint = await findJoint(services, space)
    const newest = joint && (await newestText(services, joint.id))
    if (!newest || newest.hash !== input.version) throw new Refusal('good-offices-older-version')
    if (input.answer === 'accept' && newest.open_brackets > 0)
      throw new Refusal('good-offices-open-brackets', { field: 'answer', count: newest.open_brackets })
    if (input.answer !== 'accept' && input.text === '') throw new Refusal('good-offices-say-why', { field: 'text' })
    return {
      body: { text: newest.hash, hash: newest.text_hash, answer: input.answer },
      text: { paragraphs: paragraphsOf(input.text) },
    }
  },
}

const endedInput = z.object({ text: remarks })

export const endedComposer: Composer<z.infer<typeof endedInput>> = {
  type: 'good-offices.mediation-ended',
  wish: 'good-offices.wish.ended',
  input: endedInput,
  mayStart: starts('mediation-ended', undefined, undefined),
  Fields: async ({ space, values, errors, t }) => (
    <>
      <p>{t(`good-offices.end.means-${officeSpace(space) ?? 'joint'}`)}</p>
      <TextArea
        name="text"
        label={t('good-offices.end.remarks')}
        value={String(values.text ?? '')}
        error={errors.text}
        rows={6}
        required={false}
      />
    </>
  ),
  compose: async (_services, _viewer, _space, input) => ({
    body: {},
    text: { paragraphs: paragraphsOf(input.text) },
  }),
}

export function newestText({ db }: Pick<Services, 'db'>, joint: string) {
  return db
    .selectFrom('view.good_offices_text')
    .selectAll()
    .where('space', '=', joint)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
}
