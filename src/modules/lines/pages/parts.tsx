import type { Visit } from '../../../core/module/types.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { isolate, languageName } from '../../../text/index.ts'
import {
  CheckboxGroup,
  Field,
  Hidden,
  MomentField,
  Quiet,
  Select,
  TextArea,
  writtenMoment,
} from '../../../web/index.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import type { LineGround } from '../grounds/line-ground.ts'
import { audiences, type LineKind, questionLength, wordsLength } from '../kinds.ts'
import type { Line } from '../read-lines.ts'
import { type LineState, standingIn } from '../standing.ts'

/** Name of a language as its speakers call it; `und` where nobody said which it is. */
export const languageText = ({ t }: Visit, tag: string): string =>
  tag === 'und' ? t('lines.no-language') : languageName(tag)

/** Whether a line may be said in a language, in words. */
export function StateWords({ visit, line, language }: { visit: Visit; line: Line; language: string }) {
  const state: LineState = standingIn(line, language, { now: visit.services.clock.now() })
  const words = visit.t(`lines.state.${state}`)
  return state === 'may-be-said' ? <span>{words}</span> : <strong>{words}</strong>
}

const groundKey = ({ kind, id }: Pick<LineGround, 'kind' | 'id'>) => `${kind}:${id}`

/** A ground in a line: what it is, how it stands, what it says. */
export const groundText = (
  { t }: Visit,
  { kind, state, words, isWithheld }: { kind: string; state: string; words: string; isWithheld?: true },
): string =>
  t('lines.ground', {
    kind: t(`lines.ground-kind.${kind}`),
    state: t(`lines.ground-state.${state}`),
    words: isWithheld ? t('lines.ground-withheld') : words,
  })

/** Words, question, audience, marking, times and grounds of a line: to be written, or changed from what stands. */
export function WordingFields({
  visit,
  form,
  returned,
  kind,
  line,
  grounds,
  marking,
}: {
  visit: Visit
  form: string
  returned: Returned | undefined
  /** Given where it cannot be chosen any more: only an answer has a question. */
  kind?: LineKind
  line?: Line
  grounds: readonly LineGround[]
  marking: string
}) {
  const { t, viewer } = visit
  const { value, values, error } = returnedTo(returned, form)
  const { zone } = viewer.person
  const stands = line?.wording
  const from = stands && writtenMoment(zone, stands.validFrom)
  const until = stands?.validUntil === undefined ? undefined : writtenMoment(zone, stands.validUntil)
  const half = (name: string, written: string | undefined) => ({
    name,
    label: t(`lines.field.${name}`),
    value: value(name, written ?? ''),
    error: error(name),
    required: false,
  })
  const nowOf = new Map(line?.flags.map(({ ground, now }) => [groundKey(ground), now && groundKey(now)]))
  const rested = (line?.resting?.grounds ?? []).map((ground) => nowOf.get(groundKey(ground)) ?? groundKey(ground))
  const chosen = grounds.map(groundKey).filter((key) => rested.includes(key))
  return (
    <>
      {(kind === undefined || kind === 'answer') && (
        <Field
          {...half('question', stands?.question)}
          hint={kind === undefined ? t('lines.field.question-hint') : undefined}
          required={kind === 'answer'}
          maxlength={questionLength}
        />
      )}
      <TextArea
        name="words"
        label={t('lines.field.words')}
        hint={t('lines.field.words-hint')}
        rows={4}
        value={value('words', stands?.words)}
        error={error('words')}
        required
        maxlength={wordsLength}
      />
      <Select
        name="audience"
        label={t('lines.field.audience')}
        hint={t('lines.field.audience-hint')}
        value={value('audience', stands?.audience ?? 'house')}
        error={error('audience')}
        required
        options={audiences.map((one) => ({ value: one, label: t(`lines.audience.${one}`) }))}
      />
      <Select
        name="marking"
        label={t('lines.field.marking')}
        hint={t('lines.field.marking-hint')}
        value={value('marking', stands?.marking ?? marking)}
        error={error('marking')}
        required
        options={tlpLabels.map((one) => ({ value: one, label: `TLP:${one}` }))}
      />
      <Hidden name="zone" value={zone} />
      <MomentField date={half('fromDate', from?.date)} time={half('fromTime', from?.time)} required={false} />
      <MomentField date={half('untilDate', until?.date)} time={half('untilTime', until?.time)} required={false} />
      <Quiet small>{t('lines.zone', { zone })}</Quiet>
      {grounds.length > 0 && (
        <CheckboxGroup
          name="restsOn"
          label={t('lines.field.restsOn')}
          hint={t('lines.field.restsOn-hint')}
          error={error('restsOn')}
          required={false}
          values={values('restsOn', chosen)}
          options={grounds.map((one) => ({
            value: groundKey(one),
            label: groundText(visit, { kind: one.kind, state: one.state, words: isolate(one.words(visit)) }),
          }))}
        />
      )}
    </>
  )
}
