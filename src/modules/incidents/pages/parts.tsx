import type { Visit } from '../../../core/module/types.ts'
import { type Tlp, tlpLabels } from '../../../protocol/types.ts'
import { FormLine, Reg, Select } from '../../../web/index.ts'

/** Frame of everything that stays at home: dashed, and it says so. */
export function AtHome({ visit }: { visit: Pick<Visit, 't' | 'services' | 'language'> }) {
  const { t, services, language } = visit
  return (
    <div class="box stays">
      <FormLine>{t('incidents.frame.at-home')}</FormLine>
      <p>{t('incidents.frame.at-home-explained', { party: services.nameOf(services.party, language) })}</p>
    </div>
  )
}

/** Frame of what others hold too: solid, with their names. */
export function SharedWith({ visit, parties }: { visit: Visit; parties: string }) {
  return (
    <div class="box leaves">
      <FormLine>{visit.t('incidents.frame.shared', { parties })}</FormLine>
      <p>{visit.t('incidents.frame.shared-explained', { parties })}</p>
    </div>
  )
}

/** Labels up to a ceiling as options of a choice. */
export function tlpOptions(t: Visit['t'], most: Tlp = 'RED'): { value: string; label: string }[] {
  return tlpLabels.slice(0, tlpLabels.indexOf(most) + 1).map((tlp) => ({ value: tlp, label: t(`markings.tlp.${tlp}`) }))
}

/** Which compartment something is written into; nothing to choose for whoever reads none. */
export function CompartmentChoice({
  visit: { t },
  compartments,
  value,
  error,
}: {
  visit: Visit
  compartments: readonly { id: string; name: string }[]
  value: string
  error?: string
}) {
  if (compartments.length === 0) return null
  return (
    <Select
      name="compartment"
      label={t('need-to-know.of')}
      value={value}
      error={error}
      options={[
        { value: '', label: t('need-to-know.whole') },
        ...compartments.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}

/** Name of the compartment of an item, behind it. */
export function InCompartment({
  of,
  compartments,
}: {
  of?: string
  compartments: readonly { id: string; name: string }[]
}) {
  const name = compartments.find(({ id }) => id === of)?.name
  if (name === undefined) return null
  return (
    <span class="quiet small">
      {' '}
      · <bdi>{name}</bdi>
    </span>
  )
}

/** Register line used by the sub-pages to lead back. */
export function BackTo({
  visit,
  incident,
}: {
  visit: Visit
  incident: { id: string; codeName: string; reference: string }
}) {
  return (
    <>
      <Reg text={incident.reference} />
      <p>
        <a href={`/incidents/${incident.id}`}>{visit.t('incidents.action.back', { name: incident.codeName })}</a>
      </p>
    </>
  )
}
