import type { ComponentChildren } from 'preact'
import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import { choicesOf, type Rules } from '../catalogue.ts'
import type { Reason } from '../types.ts'

/** A page about the options of an incident: a record at home, and it says so. */
export function OptionsFrame({
  visit,
  incident,
  title,
  lead,
  actions,
  sub = false,
  children,
}: {
  visit: Visit
  incident: Incident
  title: string
  lead?: string
  actions?: ComponentChildren
  /** Leads back to the options, not to the incident. */
  sub?: boolean
  children: ComponentChildren
}) {
  const back = sub ? { href: `/incidents/${incident.id}/options`, label: visit.t('response.back') } : undefined
  return (
    <RecordFrame visit={visit} incident={incident} title={title} lead={lead} actions={actions} back={back}>
      {children}
    </RecordFrame>
  )
}

/** What was typed into a field, else what stands on record. */
export const typed = (returned: Returned | undefined, name: string, otherwise = ''): string =>
  returnedTo(returned).value(name, otherwise)

export const typedMany = (returned: Returned | undefined, name: string): readonly string[] =>
  returnedTo(returned).values(name)

/** What a rule, an input and an answer of it are called. */
export function wordsFor(visit: Pick<Visit, 't' | 'language'>, rules: Rules) {
  const { t, language } = visit
  const rungName = (id: string) => {
    const rung = rules.rungs.find((one) => one.id === id)
    return rung ? named(rung.names, language) : id
  }
  const inputName = ({ of, input }: Pick<Reason, 'of' | 'input'>) => {
    if (input === 'rung') return t('response.gate.rung')
    if (of !== 'case') return t(`response.input.${input}`)
    const question = rules.questions.find((one) => one.id === input)
    return question ? named(question.names, language) : input
  }
  const answerName = ({ of, input }: Pick<Reason, 'of' | 'input'>, answer: string) => {
    if (input === 'rung') return rungName(answer)
    if (of !== 'case') return t(`response.value.${input}.${answer}`)
    const question = rules.questions.find((one) => one.id === input)
    const choice = question && choicesOf(rules, question).find((one) => one.id === answer)
    return choice ? named(choice.names, language) : answer
  }
  const ruleName = ({ rule }: Pick<Reason, 'rule'>) => {
    if (rule === 'rung') return t('response.gate.title')
    if (rule === 'attribution') return t('response.attribution-needed')
    const found = rules.rules.find((one) => one.id === rule)
    return found ? named(found.names, language) : rule
  }
  return { rungName, inputName, answerName, ruleName }
}
