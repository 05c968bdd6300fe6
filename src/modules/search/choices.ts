import type { Services, Visit } from '../../core/module/types.ts'
import { findDefinition, findFace, isTechnical } from '../spaces/index.ts'
import type { Option } from '../../web/index.ts'

/** What the fields of a search offer, in the reader's language and order. */
export interface Choices {
  parties: Option[]
  forms: Option[]
  people: Option[]
}

export async function loadChoices({ services, t, language }: Visit): Promise<Choices> {
  const [peers, people] = await Promise.all([services.peers.list(), services.people.list()])
  const byLabel = (a: Option, b: Option) => a.label.localeCompare(b.label, language)
  const parties = [services.party, ...peers.filter(({ state }) => state === 'pinned').map(({ party }) => party)]
  return {
    parties: parties.map((party) => ({ value: party, label: services.nameOf(party, language) })).toSorted(byLabel),
    forms: typesOf(services)
      .flatMap((type) => [
        { value: type, label: findFace(services, type)?.form(t) ?? type },
        ...(findDefinition(services, type)?.search?.forms ?? []).map((form) => ({
          value: `${type}/${form}`,
          label: findFace(services, type)?.form(t, { form }) ?? form,
        })),
      ])
      .toSorted(byLabel),
    people: people.map(({ id, name }) => ({ value: id, label: name })).toSorted(byLabel),
  }
}

/** Act types with a look of their own that stand in the index. */
function typesOf(services: Pick<Services, 'modules'>): string[] {
  const types = services.modules.flatMap((module) => (module.acts ?? []).map(({ type }) => type))
  return ['space.opened', ...types].filter(
    (type) => findFace(services, type) && (type === 'space.opened' || !isTechnical(services, type)),
  )
}
