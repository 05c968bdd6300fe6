import type { VNode } from 'preact'
import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import { hash, paragraphsOf, typedProse } from '../../../core/module/fields.ts'
import { revealedContents } from '../../../core/module/revealed-contents.ts'
import type { Composer, ComposerProps, Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { chooseFiles, EvidenceFilesField, evidenceInput } from '../../incidents/index.ts'
import { Hidden, ProseFields, Quiet, RadioGroup, Select, TextArea } from '../../../web/index.ts'
import { answers, contestGrounds, type StatedText, withdrawalReasons } from './acts.ts'
import { findStated, type StatedRow } from './read-between.ts'
import '../tables.ts'

const words = z.string().trim().max(100_000).default('')

/** A statement of this space that others may still say something to. */
async function getStated(services: Services, space: SpaceFacts, named: string): Promise<StatedRow> {
  const row = await findStated(services.db, named)
  if (row?.space !== space.id || row.author === services.party || row.withdrawn_by !== null)
    throw new Refusal('attributions.nothing-to-answer', { field: 'statement' })
  return row
}

const mayBegin =
  (type: string) =>
  async (services: Services, viewer: Viewer, space: SpaceFacts): Promise<boolean> =>
    viewer.may(`${type}:draft` as never) &&
    space.members.some((one) => one.party === services.party && one.until === undefined && one.role !== 'observer')

const named = ({ values, query }: Pick<ComposerProps, 'values' | 'query'>, field: string): string =>
  String(values[field] ?? query.get(field) ?? '')

/** Which statement it is about, in its own words as far as this person may read them. */
async function About(props: ComposerProps, field: 'statement' | 'act'): Promise<VNode> {
  const { services, viewer, t, language } = props
  const act = named(props, field)
  const logged = hash.safeParse(act).success ? await services.ledger.findAct(act) : undefined
  if (!logged) return <Quiet>{t('attributions.step.from-statement')}</Quiet>
  const text = (await revealedContents<unknown, StatedText>(services, viewer, [act])).get(act)?.text
  return (
    <>
      <Hidden name={field} value={act} />
      <Quiet>
        {t('attributions.step.about', { party: services.nameOf(logged.statement.author, language) })}{' '}
        <a href={`/spaces/${logged.space}/acts/${act}`}>
          <bdi>{text?.subject ?? t('attributions.stated.withheld')}</bdi>
        </a>
      </Quiet>
    </>
  )
}

const answeredInput = z.object({ statement: hash, answer: z.enum(answers), words })

/** "What we say to it": concur, take note, reject, or ask that it be substantiated. */
export const answeredComposer: Composer<z.infer<typeof answeredInput>> = {
  type: 'attributions.attribution-answered',
  wish: 'attributions.wish.answer',
  begunAtAct: true,
  input: answeredInput,
  mayStart: mayBegin('attributions.attribution-answered'),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        {await About(props, 'statement')}
        <RadioGroup
          name="answer"
          label={t('attributions.answer.which')}
          value={String(values.answer ?? '')}
          error={errors.answer}
          required
          options={answers.map((one) => ({
            value: one,
            label: t(`attributions.answer.${one}`),
            hint: t(`attributions.answer.${one}-means`),
          }))}
        />
        <TextArea
          name="words"
          label={t('attributions.step.words')}
          value={String(values.words ?? '')}
          error={errors.words}
          rows={6}
        />
      </>
    )
  },
  async compose(services, _viewer, space, { statement, answer, words: said }) {
    await getStated(services, space, statement)
    if (answer === 'substantiation-asked' && said === '')
      throw new Refusal('attributions.words-missing', { field: 'words' })
    return {
      body: { statement, answer },
      text: { paragraphs: paragraphsOf(said) },
      refs: [{ act: statement }],
    }
  },
}

const contestedInput = z.object({ ...typedProse, ...evidenceInput, statement: hash, ground: z.enum(contestGrounds) })

/** "We contest it": on a ground, with reasons, and with files of evidence where a person ticks them. */
export const contestedComposer: Composer<z.infer<typeof contestedInput>> = {
  type: 'attributions.attribution-contested',
  wish: 'attributions.wish.contest',
  begunAtAct: true,
  input: contestedInput,
  mayStart: mayBegin('attributions.attribution-contested'),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        {await About(props, 'statement')}
        <Select
          name="ground"
          label={t('attributions.contest.on')}
          value={String(values.ground ?? '')}
          error={errors.ground}
          required
          placeholder={t('incidents.write.choose')}
          options={contestGrounds.map((one) => ({ value: one, label: t(`attributions.contest.${one}`) }))}
        />
        <ProseFields
          values={values}
          errors={errors}
          labels={{
            subject: t('incidents.write.subject'),
            text: t('incidents.write.text'),
            hint: t('incidents.write.text-hint'),
          }}
        />
        {await EvidenceFilesField(props)}
      </>
    )
  },
  async compose(services, viewer, space, { statement, ground, subject, text, evidence }, { id, marking }) {
    await getStated(services, space, statement)
    return {
      body: { statement, ground },
      text: { subject, paragraphs: paragraphsOf(text) },
      refs: [{ act: statement }],
      ...(await chooseFiles(services, viewer, { space, draft: id, marking, chosen: evidence ?? [] })),
    }
  },
}

const withdrawnInput = z.object({ act: hash, reason: z.enum(withdrawalReasons), words })

/** "We withdraw it": a statement or a contest of ours; what it said stays on the record. */
export const withdrawnComposer: Composer<z.infer<typeof withdrawnInput>> = {
  type: 'attributions.attribution-withdrawn',
  wish: 'attributions.wish.withdraw',
  begunAtAct: true,
  input: withdrawnInput,
  mayStart: mayBegin('attributions.attribution-withdrawn'),
  async Fields(props) {
    const { values, errors, t } = props
    return (
      <>
        {await About(props, 'act')}
        <Quiet>{t('attributions.withdrawal.stays')}</Quiet>
        <Select
          name="reason"
          label={t('attributions.withdrawal.reason')}
          value={String(values.reason ?? '')}
          error={errors.reason}
          required
          placeholder={t('incidents.write.choose')}
          options={withdrawalReasons.map((one) => ({ value: one, label: t(`attributions.withdrawal.${one}`) }))}
        />
        <TextArea
          name="words"
          label={t('attributions.step.words')}
          value={String(values.words ?? '')}
          error={errors.words}
          rows={6}
        />
      </>
    )
  },
  async compose(services, _viewer, space, { act, reason, words: said }) {
    if (!(await isOwnStanding(services, space, act)))
      throw new Refusal('attributions.nothing-to-withdraw', { field: 'act' })
    return { body: { act, reason }, text: { paragraphs: paragraphsOf(said) }, refs: [{ act }] }
  },
}

async function isOwnStanding({ db, party }: Services, { id }: SpaceFacts, act: string): Promise<boolean> {
  const found = await Promise.all(
    (['view.attributions_stated', 'view.attributions_contest'] as const).map((table) =>
      db
        .selectFrom(table)
        .select('hash')
        .where('space', '=', id)
        .where('hash', '=', act)
        .where('author', '=', party)
        .where('withdrawn_by', 'is', null)
        .executeTakeFirst(),
    ),
  )
  return found.some((row) => row !== undefined)
}
