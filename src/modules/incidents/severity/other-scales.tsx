import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden, Quiet, Section, Select, Table } from '../../../web/index.ts'
import type { Incident } from '../incident.ts'
import { type Returned, returnedTo, Signed } from '../../frame/index.ts'
import { counterpart, type SeverityMapping } from './read-mapping.ts'
import { dayWords, levelName } from './severity-words.ts'
import type { ToldSeverity } from './told.ts'

/** A level that an incident has under one of the schemes of the house. */
export interface OwnLevel {
  scale: string
  level: string
}

interface Props {
  visit: Visit
  incident: Incident
  mapping: SeverityMapping
  /** Where the incident stands, on each scheme that was wholly answered. */
  levels: readonly OwnLevel[]
  told: readonly ToldSeverity[]
  names: ReadonlyMap<string, string>
  returned?: Returned
}

/** What others would call this, by the mapping, and what they did call it. */
export function OtherScales(props: Props) {
  return (
    <>
      <ByScale {...props} />
      <ByParty {...props} />
      <Told {...props} />
    </>
  )
}

/** "High to severe", "no counterpart", or that nobody has mapped the two. */
export function bandName({ t, language }: Visit, mapping: SeverityMapping, told: OwnLevel, to: string): string {
  const found = counterpart(mapping, told, to)
  const scale = mapping.find(to)
  if (!found || !scale) return t('severity.not-mapped')
  const [first, last] = [found.band.at(0), found.band.at(-1)]
  if (first === undefined || last === undefined) return t('severity.no-counterpart')
  const [low, high] = [first, last].map((level) => levelName(scale, level, language))
  return first === last ? (low ?? '') : t('severity.band', { low: low ?? '', high: high ?? '' })
}

const scaleName = (mapping: SeverityMapping, scale: string, language: string): string => {
  const found = mapping.find(scale)
  return found ? named(found.names, language) : scale
}

/** Where the shipped mapping fell silent because the house changed its levels, and at what. */
export function SilentMaps({ visit, mapping }: { visit: Visit; mapping: SeverityMapping }) {
  const { t, language } = visit
  if (mapping.silent.length === 0) return null
  return (
    <>
      <p>{t('severity.silent', { file: 'rules/severity/mapping.json' })}</p>
      <ul>
        {mapping.silent.map(({ between: [left, right], place, what }) => (
          <li key={place}>
            {t('severity.vocabularies.from-to', {
              from: scaleName(mapping, left, language),
              to: scaleName(mapping, right, language),
            })}{' '}
            · <code>severity/mapping.json {place}</code>: <bdi lang="en">{what}</bdi>
          </li>
        ))}
      </ul>
    </>
  )
}

function ByScale({ visit, mapping, levels }: Props) {
  const { t, language } = visit
  const rows = levels.flatMap((own) =>
    mapping.scales
      .filter(({ id }) => id !== own.scale && counterpart(mapping, own, id))
      .map(({ id, names }) => [
        ownName(mapping, own, language),
        named(names, language),
        bandName(visit, mapping, own, id),
        t(counterpart(mapping, own, id)?.map?.unconfirmed ? 'severity.unconfirmed' : 'severity.confirmed'),
      ]),
  )
  return (
    <Section title={t('severity.in-other-scales')} id="scales">
      <Quiet>{t('severity.mapping-explained')}</Quiet>
      <SilentMaps visit={visit} mapping={mapping} />
      {rows.length === 0 ? (
        <Quiet>{t('severity.nothing-to-map')}</Quiet>
      ) : (
        <Table
          caption={t('severity.in-other-scales')}
          quietCaption
          head={[t('severity.here'), t('severity.scale'), t('severity.could-be'), t('severity.mapping')]}
          rows={rows}
        />
      )}
      <p>
        <a href="/incidents/vocabularies#severity">{t('severity.whole-mapping')}</a>
      </p>
    </Section>
  )
}

const ownName = (mapping: SeverityMapping, { scale, level }: OwnLevel, language: string): string => {
  const found = mapping.find(scale)
  return found ? `${levelName(found, level, language)} (${named(found.names, language)})` : level
}

function ByParty({ visit, mapping, levels }: Props) {
  const { t, language, services } = visit
  return (
    <Section title={t('severity.by-party')} id="parties">
      {mapping.parties.length === 0 && <Quiet>{t('severity.no-party', { path: `rules/${mapping.file.path}` })}</Quiet>}
      <ul>
        {mapping.parties.map(({ party, scale, unconfirmed }) => {
          const name = services.nameOf(party, language)
          const known = levels.filter((own) => counterpart(mapping, own, scale))
          return (
            <li key={`${party} ${scale}`}>
              {known.length === 0 &&
                t('severity.party-unknown', { party: name, scale: scaleName(mapping, scale, language) })}
              {known.map((own) => (
                <p key={own.scale}>
                  {t('severity.would-call', {
                    party: name,
                    band: bandName(visit, mapping, own, scale),
                    scale: scaleName(mapping, scale, language),
                    own: ownName(mapping, own, language),
                  })}
                </p>
              ))}
              {unconfirmed && <Quiet small>{t('severity.party-unconfirmed')}</Quiet>}
            </li>
          )
        })}
      </ul>
    </Section>
  )
}

function Told(props: Props) {
  const { visit, incident, mapping, told, names } = props
  const { t, language, viewer } = visit
  const own = mapping.scales.filter(({ id }) => props.levels.some((one) => one.scale === id))
  return (
    <Section title={t('severity.told')} id="told">
      <Quiet>{t('severity.told-explained')}</Quiet>
      {told.length === 0 && <Quiet>{t('severity.none-told')}</Quiet>}
      <ul>
        {told.map((one) => {
          const scale = mapping.find(one.scale)
          return (
            <li key={one.id}>
              <strong>
                <bdi>{one.teller}</bdi>: {scale ? levelName(scale, one.level, language) : one.level}
              </strong>{' '}
              ({scaleName(mapping, one.scale, language)})
              {one.toldOn !== undefined && ` · ${dayWords(one.toldOn, language)}`}
              <p>
                {t('severity.read-in')} <bdi>{one.source}</bdi>
              </p>
              {own
                .filter(({ id }) => id !== one.scale)
                .map((ours) => (
                  <p key={ours.id}>
                    {t('severity.would-be-here', {
                      scale: named(ours.names, language),
                      band: bandName(visit, mapping, one, ours.id),
                    })}
                  </p>
                ))}
              {one.by !== undefined && one.at !== undefined && (
                <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
              )}
            </li>
          )
        })}
      </ul>
      {viewer.may('incidents:draft') && incident.state !== 'closed' && <ToldForm {...props} />}
    </Section>
  )
}

function ToldForm({ visit, incident, mapping, returned }: Props) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'severity-told')
  const options = mapping.scales.flatMap(({ id, names, levels }) =>
    levels.map((level) => ({
      value: `${id}:${level.id}`,
      label: `${named(names, language)}: ${named(level.names, language)}`,
    })),
  )
  return (
    <Form action={`/incidents/${incident.id}/severity-told`} label={t('severity.note-told')}>
      <Hidden name="id" value={newId()} />
      <Field
        name="teller"
        label={t('severity.teller')}
        value={value('teller')}
        error={error('teller')}
        required
        maxlength={200}
      />
      <Select
        name="said"
        label={t('severity.said')}
        value={value('said')}
        error={error('said')}
        required
        placeholder={t('incidents.write.choose')}
        options={options}
      />
      <Field
        name="toldOn"
        type="date"
        label={t('severity.toldOn')}
        value={value('toldOn')}
        error={error('toldOn')}
        required
      />
      <Field
        name="source"
        label={t('severity.source')}
        hint={t('severity.source-hint')}
        value={value('source')}
        error={error('source')}
        required
        maxlength={600}
      />
      <Button plain label={t('severity.note-told')} />
    </Form>
  )
}
