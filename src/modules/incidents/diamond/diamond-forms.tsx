import { named } from '../../../core/dated-data/index.ts'
import { newId } from '../../../protocol/index.ts'
import { isolate } from '../../../text/index.ts'
import { Button, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { CompartmentChoice } from '../pages/parts.tsx'
import { confidenceLevels } from '../weigh/record-assessment.ts'
import { inForce } from '../weigh/weighing.ts'
import type { DiamondProps } from './diamond-props.ts'
import { diamondHref } from './diamonds-page.tsx'
import type { DiamondItem } from './list-items.ts'
import { faultAt, places } from './places.ts'
import type { Features, Placing } from './read-diamonds.ts'
import type { FeatureLists } from './read-features.ts'

/** Puts an item at a corner or an edge: a person says where, how sure, why, and by which evidence. */
export function PlacingForm({ visit, loaded, diamond, items, offered, found, returned }: DiamondProps) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'placing')
  const here = diamondHref(loaded.incident.id, diamond.subject)
  return (
    <Section title={t('diamond.place-item')} id="place">
      <Form action={`${here}#place`} method="get" label={t('diamond.find')}>
        <Field name="find" type="search" label={t('diamond.find')} value={found} />
        <Button plain label={t('diamond.find-button')} />
      </Form>
      <Quiet>
        {t('diamond.find-hint')}
        {offered.more && ` ${t('diamond.more-objects', { count: offered.objects.length })}`}
      </Quiet>
      <Form action={`${here}/placings`} label={t('diamond.place-item')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="find" value={found} />
        <Select
          name="item"
          label={t('diamond.field.item')}
          value={value('item')}
          error={error('item')}
          required
          placeholder={t('incidents.write.choose')}
          options={choices(items, offered.objects, value('item')).map((item) => ({
            value: `${item.kind}:${item.id}`,
            label: optionWords(visit, item),
          }))}
        />
        <Select
          name="place"
          label={t('diamond.field.place')}
          hint={t('diamond.place-hint')}
          value={value('place')}
          error={error('place')}
          required
          placeholder={t('incidents.write.choose')}
          options={placeOptions(visit)}
        />
        <Select
          name="confidence"
          label={t('diamond.field.confidence')}
          value={value('confidence')}
          error={error('confidence')}
          required
          placeholder={t('incidents.write.choose')}
          options={confidenceLevels.map((level) => ({ value: level, label: t(`incidents.confidence.${level}`) }))}
        />
        <TextArea
          name="why"
          label={t('diamond.field.why')}
          rows={3}
          value={value('why')}
          error={error('why')}
          required
          maxlength={1000}
        />
        <Select
          name="restsOn"
          label={t('diamond.field.rests-on')}
          hint={t('diamond.rests-on-hint')}
          value={value('restsOn')}
          error={error('restsOn')}
          options={[
            { value: '', label: t('weighing.hypothesis.none') },
            ...inForce(loaded.weighing.evidence).map((one) => ({
              value: one.id,
              label: `${one.number}. ${isolate(one.words)} (${one.reliability}${one.credibility})`,
            })),
          ]}
        />
        <CompartmentChoice
          visit={visit}
          compartments={loaded.compartments}
          value={value('compartment')}
          error={error('compartment')}
        />
        <Button label={t('diamond.place-button')} />
      </Form>
    </Section>
  )
}

/** What can stand anywhere in a diamond; of objects those that were found, and the one that was chosen before. */
function choices(items: readonly DiamondItem[], found: readonly DiamondItem[], chosen: string): DiamondItem[] {
  const before = items.filter(({ kind, id }) => kind === 'object' && chosen === `object:${id}`)
  const objects = [...found, ...before.filter(({ id }) => !found.some((one) => one.id === id))]
  const own = items.filter(
    ({ kind, elsewhere, evidence }) =>
      kind !== 'object' && elsewhere === undefined && evidence?.withdrawnAt === undefined,
  )
  return [...own, ...objects].filter((item) => places.some((place) => faultAt(place, item) === undefined))
}

const optionWords = ({ t }: DiamondProps['visit'], { kind, type, words }: DiamondItem) => {
  const what = kind === 'particular' ? t(`particulars.kind.${type}`) : kind === 'object' ? isolate(type) : undefined
  return `${t(`diamond.kind.${kind}`)}${what ? ` (${what})` : ''}: ${isolate(words)}`
}

const placeOptions = ({ t }: DiamondProps['visit']) =>
  places.map((place) => ({ value: place, label: t(`diamond.place.${place}`) }))

/** Moves a placing, takes it away, or contests it. */
export function StepForm({ visit, loaded, diamond, chosen, returned }: DiamondProps & { chosen: Placing }) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'step')
  const title = t('diamond.change', { what: chosen.item.words })
  const kinds = chosen.by === viewer.person.id ? ['moved', 'taken-away'] : ['moved', 'taken-away', 'contested']
  return (
    <Section title={title} id="step">
      <Form action={`${diamondHref(loaded.incident.id, diamond.subject)}/placings/${chosen.id}/steps`} label={title}>
        <Hidden name="id" value={newId()} />
        <Select
          name="kind"
          label={t('diamond.field.step')}
          value={value('kind')}
          error={error('kind')}
          required
          placeholder={t('incidents.write.choose')}
          options={kinds.map((kind) => ({ value: kind, label: t(`diamond.do.${kind}`) }))}
        />
        <Select
          name="into"
          label={t('diamond.field.into')}
          hint={t('diamond.into-hint')}
          value={value('into')}
          error={error('into')}
          options={[
            { value: '', label: t('weighing.hypothesis.none') },
            ...placeOptions(visit).filter(({ value: place }) => place !== chosen.place),
          ]}
        />
        <TextArea
          name="why"
          label={t('diamond.field.why')}
          rows={3}
          value={value('why')}
          error={error('why')}
          required
          maxlength={1000}
        />
        <Button plain label={t('diamond.step-button')} />
      </Form>
    </Section>
  )
}

/** Phase, direction, result, method and means, said anew with what stands filled in. */
export function FeaturesForm({
  visit,
  loaded,
  diamond,
  lists,
  last,
  returned,
}: DiamondProps & { lists: FeatureLists; last: Features | undefined }) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'features')
  const chosen = [
    { name: 'phase', list: lists.phases },
    { name: 'direction', list: lists.directions },
    { name: 'result', list: lists.results },
  ] as const
  return (
    <Form action={`${diamondHref(loaded.incident.id, diamond.subject)}/features`} label={t('diamond.say-features')}>
      <Hidden name="id" value={newId()} />
      {chosen.map(({ name, list }) => (
        <Select
          key={name}
          name={name}
          label={t(`diamond.feature.${name}`)}
          value={value(name, last?.[name])}
          error={error(name)}
          options={[
            { value: '', label: t('diamond.unknown') },
            ...list.map(({ id, names }) => ({ value: id, label: named(names, language) })),
          ]}
        />
      ))}
      {(['method', 'resources'] as const).map((name) => (
        <TextArea
          key={name}
          name={name}
          label={t(`diamond.feature.${name}`)}
          hint={t(`diamond.feature.${name}-hint`)}
          rows={2}
          value={value(name, last?.[name])}
          error={error(name)}
          maxlength={600}
        />
      ))}
      <CompartmentChoice
        visit={visit}
        compartments={loaded.compartments}
        value={value('compartment', last?.compartment)}
        error={error('compartment')}
      />
      <Button plain label={t('diamond.say-features')} />
    </Form>
  )
}
