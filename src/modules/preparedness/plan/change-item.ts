import type { z } from 'zod'
import type { Annex, ContactReference, PlanContent, PlanPart, PlanService, PlanText, Role, Step } from './content.ts'
import { type LengthUnit, lengthUnits } from './lengths.ts'
import type { headInput, itemInputs } from './plan-inputs.ts'

type Input<P extends PlanPart> = z.output<(typeof itemInputs)[P]>
type Item = Role | Step | ContactReference | PlanText | Annex | PlanService

/** The head of a plan as its form says it; lists stay. */
export function withHead(content: PlanContent, input: z.output<typeof headInput>): PlanContent {
  const { name, purpose, isInUse, trigger, categories } = input
  const [scheme = '', level = ''] = trigger.split(':')
  return { ...content, name, purpose, isInUse, trigger: trigger === '' ? null : { scheme, level }, categories }
}

/** A plan that has nothing but its head yet. */
export const emptyPlan: PlanContent = {
  name: '',
  purpose: '',
  isInUse: true,
  trigger: null,
  categories: [],
  roles: [],
  steps: [],
  contacts: [],
  texts: [],
  annexes: [],
  services: [],
}

/** The plan with one item written as its form says; a new one, or in place of the one that bears its id. */
export function withItem(content: PlanContent, part: PlanPart, input: Input<PlanPart>): PlanContent {
  const item = itemOf(part, input)
  const list = content[part] as Item[]
  const at = list.findIndex(({ id }) => id === item.id)
  const others = list.filter(({ id }) => id !== item.id)
  const place = part === 'steps' ? (input as Input<'steps'>).place : undefined
  const to = place === undefined ? (at < 0 ? others.length : at) : place - 1
  return { ...content, [part]: others.toSpliced(to, 0, item) }
}

export const withoutItem = (content: PlanContent, part: PlanPart, item: string): PlanContent => ({
  ...content,
  [part]: (content[part] as Item[]).filter(({ id }) => id !== item),
})

function itemOf(part: PlanPart, input: Input<PlanPart>): Item {
  const id = input.item || input.id
  switch (part) {
    case 'roles': {
      const { title, who, deputy } = input as Input<'roles'>
      return { id, title, who, deputy }
    }
    case 'steps': {
      const { title, words, role, within: length, unit, after, counts, annex } = input as Input<'steps'>
      const inDays = unit === 'working-days'
      const within = inDays ? null : length && length * (unit === 'hours' ? 60 : 1)
      const workingDays = inDays ? length : null
      return { id, title, words, role, within, workingDays, after, counts: after === '' ? 'due' : counts, annex }
    }
    case 'contacts': {
      const { contact: named, why, annex } = input as Input<'contacts'>
      const [space = '', party = '', contact = ''] = named.split(' ')
      return { id, space, party, contact, why, annex }
    }
    case 'texts': {
      const { title, language, words, validUntil, annex } = input as Input<'texts'>
      return { id, title, language, words, validUntil, annex }
    }
    case 'annexes': {
      const { party, space, agreed, agreement } = input as Input<'annexes'>
      return { id, party, space, agreed, agreement }
    }
    case 'services': {
      const { name, owner, operator, priority, needs, rto, rtoUnit, mtpd, mtpdUnit } = input as Input<'services'>
      const minutes = (length: number | null, unit: LengthUnit) => length && length * lengthUnits[unit]
      return { id, name, owner, operator, priority, needs, rto: minutes(rto, rtoUnit), mtpd: minutes(mtpd, mtpdUnit) }
    }
  }
}
