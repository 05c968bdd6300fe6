import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { isolate, languageName, languages } from '../../../text/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import type { Decision } from '../decide/decisions.ts'
import type { LoadedRegister } from '../load-register.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { AttributionFrame, pathOf } from '../pages/parts.tsx'
import type { RestedItem } from '../tables.ts'
import type { Level } from '../vocabulary.ts'
import { ceilingOf, type Statement } from './statements.ts'

interface Props {
  visit: Visit
  register: LoadedRegister
  decision: Decision
  level: Level
  /** What may be ticked at the widest marking of the level, and how many items may not. */
  namable: { items: readonly RestedItem[]; leftOut: number }
  corrects?: Statement
  returned?: Returned
}

/** Writes what is said at a level: every word typed by a person, every item ticked by one. */
export function SayPage({ visit, register, decision, level, namable, corrects, returned }: Props) {
  const { t, language } = visit
  const { incident } = register.loaded
  const { value, values, error } = returnedTo(returned)
  const labels = Object.fromEntries(
    ['tlp', 'language', 'subject', 'text', 'evidence'].map((one) => [one, t(`attributions.statement.${one}`)]),
  )
  const common = (name: string) => ({ name, label: labels[name] ?? '', error: error(name) })
  const widest = ceilingOf(level, incident)
  return (
    <AttributionFrame
      visit={visit}
      incident={incident}
      title={t(`attributions.say.${level}`)}
      lead={t(`attributions.say.lead-${level}`)}
      sub
    >
      <Section title={t('attributions.statement.words')} id="say">
        <p>
          {t('attributions.statement.of', {
            number: decision.number,
            choice: t(`attributions.choice.${decision.choice}`),
          })}
        </p>
        <WhatIsWrong returned={returned} labels={labels} />
        <Form
          action={`${pathOf(incident)}/decisions/${decision.id}/say?level=${level}`}
          label={t(`attributions.say.${level}`)}
        >
          <Hidden name="id" value={newId()} />
          <Hidden name="level" value={level} />
          <Hidden name="corrects" value={corrects?.id ?? value('corrects')} />
          <Select
            {...common('tlp')}
            required
            value={value('tlp', widest)}
            options={tlpLabels
              .filter((one) => tlpRank(one) <= tlpRank(widest))
              .map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
          />
          <Select
            {...common('language')}
            required
            value={value('language', corrects?.language ?? language)}
            options={languages().map((one) => ({ value: one, label: languageName(one) }))}
          />
          <Field
            {...common('subject')}
            value={value('subject', corrects?.subject)}
            required
            maxlength={300}
            width="long"
          />
          <TextArea
            {...common('text')}
            hint={t('attributions.statement.text-hint')}
            rows={10}
            value={value('text', corrects?.text)}
            required
            maxlength={20_000}
          />
          {namable.items.length > 0 && (
            <CheckboxGroup
              {...common('evidence')}
              hint={t('attributions.statement.evidence-hint')}
              required={false}
              values={values('evidence')}
              options={namable.items.map(({ id, number, words, grade, tlp }) => ({
                value: id,
                label: `${number} · ${isolate(words)} · ${grade} · TLP:${tlp}`,
              }))}
            />
          )}
          {namable.leftOut > 0 && <Quiet>{t('attributions.statement.left-out', { count: namable.leftOut })}</Quiet>}
          <Button label={t('attributions.statement.propose')} />
        </Form>
      </Section>
    </AttributionFrame>
  )
}
