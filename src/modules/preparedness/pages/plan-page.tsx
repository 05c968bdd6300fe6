import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Form,
  Hidden,
  LinkButton,
  LiveRegion,
  Pairs,
  Quiet,
  RadioGroup,
  Section,
  TextArea,
  TlpLabel,
} from '../../../web/index.ts'
import { changesBetween, type PlanChange } from '../plan/changes.ts'
import { clearanceOf, type TextClearance } from '../plan/clear-text.ts'
import type { PlanContent, PlanText } from '../plan/content.ts'
import type { Names } from '../plan/load-names.ts'
import { triggerWords } from '../plan/trigger.ts'
import { fingerprintOf, type Plan, type Writing } from '../plan/read-plans.ts'
import type { Lesson } from '../run/lessons.ts'
import type { Run } from '../run/read-runs.ts'
import { FiguresSection } from './figures-section.tsx'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { labelsOf, PlanFrame } from './parts.tsx'
import { PlanContentView } from './plan-content.tsx'

export interface ShownPlan {
  plan: Plan
  shown: Writing
  /** Of what is shown, where it is or was in force. */
  number?: number
  /** What stood before, to compare with. */
  before?: Writing
  names: Names
  clearances: ReadonlyMap<string, TextClearance>
  lessons: Lesson[]
  runs: (Run & { isDrill: boolean; codeName: string })[]
}

interface Props extends ShownPlan {
  visit: Visit
  returned?: Returned
}

/** One plan: what is in force, or a version named in the address, and what is written for the next one. */
export function PlanPage(props: Props) {
  const { visit, plan, shown, number, names, clearances, returned } = props
  const { t, viewer } = visit
  const isLatest = shown.id === plan.latest.id
  // What lies on a device is the plan alone: no run and no lesson, for they are as visible as their incidents.
  const isKept = viewer.keeping !== undefined
  const mayWrite = isLatest && !isKept && viewer.may('incidents:draft')
  const isInForce = number !== undefined && number === plan.inForce?.number
  return (
    <PlanFrame
      visit={visit}
      title={shown.content.name}
      form={`${t('preparedness.plan')} · ${number === undefined ? t('preparedness.not-in-force') : t(isInForce ? 'preparedness.in-force' : 'preparedness.was-in-force', { number })}`}
      lead={<bdi>{shown.content.purpose}</bdi>}
      marking={shown.marking}
      back={{ href: '/plans', label: t('preparedness.back') }}
      actions={
        !isKept && (
          <>
            {isInForce && viewer.may('incidents:draft') && (
              <LinkButton href={`/plans/${plan.id}/open`} label={t('preparedness.open-from')} />
            )}
            {mayWrite && (
              <LinkButton plain href={`/plans/${plan.id}/write/head`} label={t('preparedness.change-head')} />
            )}
            <LinkButton
              plain
              href={`/plans/${plan.id}/pdf${number === undefined ? '?version=next' : `?version=${number}`}`}
              label={t('preparedness.print')}
            />
          </>
        )
      }
    >
      <WhatIsWrong returned={returned} />
      <LiveRegion topic={`plan:${plan.id}`} id="plan">
        {!isKept && (
          <>
            <Versions {...props} />
            <Approval {...props} />
            <Changes {...props} />
          </>
        )}
        <Head visit={visit} content={shown.content} marking={shown.marking} />
        <PlanContentView
          visit={visit}
          content={shown.content}
          names={names}
          clearances={clearances}
          {...(mayWrite && { writing: `/plans/${plan.id}/write` })}
          underText={(text) => isLatest && !isKept && <ClearText {...props} text={text} />}
        />
        {!isKept && (
          <>
            <Lessons {...props} />
            <FiguresSection visit={visit} runs={props.runs} />
          </>
        )}
      </LiveRegion>
    </PlanFrame>
  )
}

function Versions({ visit, plan, shown, names }: Props) {
  const { t } = visit
  if (plan.versions.length === 0) return null
  return (
    <Section title={t('preparedness.versions')} id="versions">
      <ul>
        {plan.versions.toReversed().map((one) => (
          <li key={one.number}>
            {one.id === shown.id ? (
              t('preparedness.version', { number: one.number })
            ) : (
              <a href={`/plans/${plan.id}?version=${one.number}`}>
                {t('preparedness.version', { number: one.number })}
              </a>
            )}
            <Signed
              visit={visit}
              by={t('preparedness.written-approved', {
                by: names.person(one.by),
                approved: names.person(one.approvedBy),
              })}
              at={one.approvedAt}
            />
          </li>
        ))}
      </ul>
      {plan.pending && shown.id !== plan.pending.id && (
        <p>
          <a href={`/plans/${plan.id}?version=next`}>{t('preparedness.show-next')}</a>
        </p>
      )}
    </Section>
  )
}

function Approval({ visit, plan, shown, names }: Props) {
  const { t, viewer, language } = visit
  if (plan.pending?.id !== shown.id) return null
  const hands = formatList(plan.hands.map(names.person), language)
  return (
    <Section title={t('preparedness.approval')} id="approval">
      <p>{t('preparedness.waits', { number: plan.next, hands })}</p>
      {viewer.may('preparedness.plan:release') &&
        (plan.hands.includes(viewer.person.id) ? (
          <Quiet>{t('preparedness.own')}</Quiet>
        ) : (
          <ButtonForm
            action={`/plans/${plan.id}/approve`}
            label={t('preparedness.approve', { number: plan.next })}
            fields={{ seen: shown.id }}
          />
        ))}
    </Section>
  )
}

function Changes({ visit, before, shown }: Props) {
  const { t } = visit
  if (!before) return null
  const changes = changesBetween(before.content, shown.content)
  const marking = before.marking !== shown.marking
  return (
    <Section title={t('preparedness.changes')} id="changes">
      {changes.length === 0 && !marking && <Quiet>{t('preparedness.no-changes')}</Quiet>}
      <ul>
        {marking && <li>{t('preparedness.marking-changed', { before: before.marking, after: shown.marking })}</li>}
        {changes.map((one, at) => (
          <li key={at} dir="auto">
            {changeWords(visit, one)}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function changeWords(visit: Visit, { part, kind, name, fields }: PlanChange): string {
  const { t, language } = visit
  const labels = labelsOf(visit)
  return t('preparedness.changed', {
    part: t(`preparedness.item.${part}`),
    name,
    kind,
    fields: formatList(
      fields.map((field) => labels[field] ?? field),
      language,
    ),
  })
}

function Head({ visit, content, marking }: { visit: Visit; content: PlanContent; marking: Writing['marking'] }) {
  const { t, language } = visit
  const { trigger, categories } = content
  return (
    <Pairs
      items={[
        {
          term: t('preparedness.field.trigger'),
          detail: trigger ? triggerWords(visit, trigger) : t('preparedness.no-trigger'),
        },
        {
          term: t('preparedness.field.categories'),
          detail:
            categories.length === 0
              ? t('preparedness.any-category')
              : formatList(
                  categories.map((one) => t(`incidents.category.${one}`)),
                  language,
                ),
        },
        { term: t('preparedness.field.marking'), detail: <TlpLabel marking={{ tlp: marking }} /> },
        {
          term: t('preparedness.field.isInUse'),
          detail: t(content.isInUse ? 'preparedness.yes' : 'preparedness.no'),
        },
      ]}
    />
  )
}

function ClearText({ visit, plan, clearances, text }: Props & { text: PlanText }) {
  const { t, viewer } = visit
  if (clearanceOf(clearances, text)) return null
  const fields = { text: text.id, seen: fingerprintOf(text) }
  const label = t('preparedness.clear-text')
  if (viewer.may('clearance.legal:release'))
    return <ButtonForm plain action={`/plans/${plan.id}/clear-legal`} label={label} fields={fields} />
  if (viewer.may('preparedness.plan:release'))
    return <ButtonForm plain action={`/plans/${plan.id}/clear`} label={label} fields={fields} />
  return null
}

function Lessons({ visit, plan, lessons, names, runs, returned }: Props) {
  const { t, viewer } = visit
  if (lessons.length === 0) return null
  return (
    <Section title={t('preparedness.lessons')} id="lessons">
      <ul>
        {lessons.map((lesson) => (
          <li key={lesson.id} id={`lesson-${lesson.id}`}>
            <span dir="auto">{lesson.words}</span>{' '}
            <a href={`/incidents/${lesson.incident}/plans/${lesson.run}/review`}>
              <bdi>{runs.find(({ id }) => id === lesson.run)?.codeName ?? t('preparedness.review.title')}</bdi>
            </a>
            <Signed visit={visit} by={names.person(lesson.by)} at={lesson.at} />
            <p>{lessonState(visit, plan, lesson)}</p>
          </li>
        ))}
      </ul>
      {viewer.may('incidents:draft') && <AnswerForm visit={visit} plan={plan} lessons={lessons} returned={returned} />}
    </Section>
  )
}

function lessonState({ t }: Visit, { next }: Plan, { answer }: Lesson): string {
  if (!answer) return t('preparedness.lesson.open')
  if (answer.version === undefined) return t('preparedness.lesson.aside', { reason: answer.words })
  return t(answer.version >= next ? 'preparedness.lesson.will' : 'preparedness.lesson.taken', {
    number: answer.version,
    words: answer.words,
  })
}

function AnswerForm({ visit, plan, lessons, returned }: Pick<Props, 'visit' | 'plan' | 'lessons' | 'returned'>) {
  const { t } = visit
  const open = lessons.filter(({ answer }) => !answer)
  const { value, error } = returnedTo(returned, 'answer')
  if (open.length === 0) return null
  return (
    <Form action={`/plans/${plan.id}/lessons`}>
      {open.length === 1 ? (
        <Hidden name="lesson" value={open[0]?.id ?? ''} />
      ) : (
        <RadioGroup
          name="lesson"
          label={t('preparedness.field.lesson')}
          value={value('lesson') || undefined}
          error={error('lesson')}
          required
          options={open.map(({ id, words }) => ({ value: id, label: words }))}
        />
      )}
      <RadioGroup
        name="answer"
        label={t('preparedness.field.answer')}
        value={value('answer') || undefined}
        error={error('answer')}
        required
        options={[
          {
            value: 'take-up',
            label: t('preparedness.lesson.take-up', { number: plan.next }),
            hint: t('preparedness.lesson.take-up-hint'),
          },
          { value: 'set-aside', label: t('preparedness.lesson.set-aside') },
        ]}
      />
      <TextArea
        name="words"
        label={t('preparedness.lesson.words')}
        rows={2}
        value={value('words')}
        error={error('words')}
        required={false}
        maxlength={2000}
      />
      <Button plain label={t('preparedness.lesson.save')} />
    </Form>
  )
}
