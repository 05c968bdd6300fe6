import type { VNode } from 'preact'
import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import { hash, paragraphsOf } from '../../../core/module/fields.ts'
import type { Composer, ComposerProps, Json } from '../../../core/module/types.ts'
import { Field, Hidden, Quiet, TextArea } from '../../../web/index.ts'
import type { Step } from '../course.ts'
import { type FoundRequest, getForStep } from '../find-request.ts'

export const dayInput = z.union([z.literal('').transform(() => undefined), z.iso.date()]).optional()
const wordsInput = z.string().trim().max(100_000).default('')

/** Words of a step as a form brings them. */
export const wordsOf = ({ words }: { words: string }) => ({ paragraphs: paragraphsOf(words) })

interface Said<I> {
  type: string
  step(input: Partial<I>): Step
  /** Field by which the act names the request. */
  input: z.ZodType<I>
  /** What is asked beside the words. */
  fields?(props: ComposerProps, found: FoundRequest): VNode | null
  /** Words have to be there. */
  needsWords?: true
  compose(
    input: I,
    found: FoundRequest,
    facts: { now: number },
  ): { body: Json; text?: Json; carried?: Awaited<ReturnType<Composer['compose']>>['carried'] }
}

export const stepInput = { request: hash, words: wordsInput }

/** A form under a request: which one it is about, what the step says, and words. */
export function stepComposer<I extends { request: string; words: string }>(said: Said<I>): Composer<I> {
  const name = said.type.slice(said.type.indexOf('.') + 1)
  return {
    type: said.type,
    wish: `assistance.wish.${name}`,
    begunAtAct: true,
    input: said.input,
    mayStart: async (services, viewer, space) =>
      viewer.may(`${said.type}:draft` as never) &&
      space.members.some((one) => one.party === services.party && one.until === undefined),
    async Fields(props) {
      const { services, space, values, errors, query, t, language } = props
      const request = String(values.request ?? query.get('request') ?? '')
      if (request === '') return <Quiet>{t('assistance.write.from-request')}</Quiet>
      const found = await getForStep(services, { space: space.id, request, step: said.step(values as Partial<I>) })
      const { note } = found
      return (
        <>
          <Hidden name="request" value={request} />
          <Quiet>
            {t('assistance.write.about', {
              kind: t(`requests.kind.${note.request_kind ?? 'incident-information'}`),
              number: note.number,
              party: services.nameOf(note.author === services.party ? note.addressee : note.author, language),
            })}{' '}
            <a href={`/assistance/${request}`}>{t('assistance.write.see')}</a>
          </Quiet>
          {said.fields?.(props, found)}
          <TextArea
            name="words"
            label={t(`assistance.words.${name}`)}
            value={String(values.words ?? '')}
            error={errors.words}
            rows={6}
            required={said.needsWords === true}
          />
        </>
      )
    },
    async compose(services, _viewer, space, input) {
      const step = said.step(input)
      const found = await getForStep(services, { space: space.id, request: input.request, step })
      if (said.needsWords && input.words === '') throw new Refusal('assistance-words-missing', { field: 'words' })
      const now = await services.ledger.scenarioNow(space.id)
      return { text: wordsOf(input), ...said.compose(input, found, { now }), refs: [{ act: input.request }] }
    },
  }
}

/** A day in a form of a step. */
export function DayField({ props, name, hint }: { props: ComposerProps; name: string; hint?: string }) {
  const { values, errors, t } = props
  return (
    <Field
      name={name}
      type="date"
      width="medium"
      label={t(`assistance.field.${name}`)}
      hint={hint}
      value={String(values[name] ?? '')}
      error={errors[name]}
      required={false}
    />
  )
}

/** @throws Refusal naming the field where a day is over everywhere */
export function requireComing(field: string, day: string | undefined, now: number): void {
  if (day !== undefined && Date.parse(`${day}T23:59:59-12:00`) < now)
    throw new Refusal('assistance-day-over', { field })
}
