import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Section, Select, TextArea } from '../../../web/index.ts'
import { DatedNote, type Returned, WhatIsWrong } from '../../frame/index.ts'
import { choicesOf } from '../catalogue.ts'
import type { LoadedOptions } from '../load-options.ts'
import { OptionsFrame, typed } from './parts.tsx'

/** All questions the gate and the rules ask, answered once. */
export function AnswersPage({ visit, loaded, returned }: { visit: Visit; loaded: LoadedOptions; returned?: Returned }) {
  const { t, language } = visit
  const { incident, catalogue, answers } = loaded
  const { questions } = catalogue.rules
  const labels = {
    why: t('response.answers.why'),
    ...Object.fromEntries(questions.map((one) => [one.id, named(one.names, language)])),
  }
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.action.answer')}
      lead={t('response.answers.lead')}
      sub
    >
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`/incidents/${incident.id}/options/answers`}>
        <Hidden name="id" value={newId()} />
        {(['legal', 'case'] as const).map((group) => (
          <Section key={group} title={t(`response.answers.group.${group}`)}>
            {questions
              .filter((one) => one.group === group)
              .map((question) => (
                <Select
                  key={question.id}
                  name={question.id}
                  label={named(question.names, language)}
                  value={typed(returned, question.id, answers.get(question.id)?.value)}
                  error={returned?.errors[question.id]}
                  required={false}
                  placeholder={t('response.answers.missing')}
                  options={choicesOf(catalogue.rules, question).map((one) => ({
                    value: one.id,
                    label: named(one.names, language),
                  }))}
                />
              ))}
          </Section>
        ))}
        <TextArea
          name="why"
          label={t('response.answers.why')}
          hint={t('response.answers.why-hint')}
          rows={3}
          value={typed(returned, 'why')}
          error={returned?.errors.why}
          required
          maxlength={2000}
        />
        <Button label={t('response.answers.save')} />
      </Form>
      <DatedNote visit={visit} files={catalogue.files} />
    </OptionsFrame>
  )
}
