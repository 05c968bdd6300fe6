import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import { type Tlp, tlpLabels } from '../../../protocol/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  CheckboxGroup,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Paper,
  Quiet,
  Row,
  Section,
  Select,
  TlpLabel,
  Trouble,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { AtHome, BackTo, SharedWith } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { othersIn, titleOf } from './link-space.ts'
import type { ShareableItem } from './shareable-items.ts'
import type { ChosenItems } from './share-items.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  space: SpaceFacts
  items: readonly ShareableItem[]
  chosen: ChosenItems
  trouble?: string
}

const namesOf = ({ services, language }: Visit, parties: readonly string[]) =>
  formatList(
    parties.map((party) => services.nameOf(party, language)),
    language,
  )

/** First step: at home, which lines are to be told, and why others cannot be. */
export function ChooseItemsPage({ visit, loaded: { incident }, space, items, chosen, trouble }: Props) {
  const { t, services, language } = visit
  const parties = namesOf(visit, othersIn(services, space))
  const title = t('incidents-sharing.choose', { parties })
  const leaving = items.filter(({ stays }) => stays === undefined)
  const staying = items.filter(({ stays }) => stays !== undefined)
  return (
    <Framed
      visit={visit}
      title={`${title} · ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: incident.marking }}
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead form={titleOf(space, language)} title={title} lead={t('incidents-sharing.choose-lead')} />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      {trouble !== undefined && <Trouble what={trouble} />}
      <Form
        action={`/incidents/${incident.id}/shared/${space.id}/move`}
        method="get"
        label={t('incidents-sharing.choose', { parties })}
      >
        {leaving.length === 0 ? (
          <Quiet>{t('incidents-sharing.nothing')}</Quiet>
        ) : (
          <CheckboxGroup
            name="items"
            label={t('incidents-sharing.items')}
            values={chosen.items}
            options={leaving.map((one) => ({ value: one.key, label: labelOf(t, one) }))}
          />
        )}
        <Fields visit={visit} space={space} chosen={chosen} least={incident.marking} />
        <Row>
          <Button label={t('incidents-sharing.preview', { parties })} />
        </Row>
      </Form>
      {staying.length > 0 && (
        <Section title={t('incidents-sharing.stays')} id="stays">
          <ul>
            {staying.map((one) => (
              <li key={one.key}>
                <span dir="auto">{one.words}</span>
                <Quiet small>{t(`incidents-sharing.why.${one.stays}`)}</Quiet>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('incidents-sharing.others')} id="others">
        <p>
          <a href={`/spaces/${space.id}/write/channels.note-sent?incident=${incident.id}`}>
            {t('incidents-sharing.objects')}
          </a>
        </p>
      </Section>
    </Framed>
  )
}

/** A particular says in its own words what it is; a line of facts stands under a heading at home. */
const labelOf = (t: Visit['t'], { kind, heading, words }: ShareableItem): string =>
  kind === 'fact' ? `${t(`incidents.facts.${heading}`)}: ${words}` : words

function Fields({ visit, space, chosen, least }: Pick<Props, 'visit' | 'space' | 'chosen'> & { least: Tlp }) {
  const { t, services, viewer, language } = visit
  const labels = tlpLabels.filter((tlp) => tlpRank(tlp) >= tlpRank(least) && tlpRank(tlp) <= tlpRank(viewer.ceiling))
  return (
    <>
      <Field
        name="subject"
        label={t('incidents-sharing.subject')}
        hint={t('incidents-sharing.subject-hint')}
        value={chosen.subject}
        maxlength={300}
        required
      />
      <Select
        name="addressee"
        label={t('incidents-sharing.addressee')}
        value={chosen.addressee}
        options={othersIn(services, space).map((party) => ({ value: party, label: services.nameOf(party, language) }))}
      />
      <Select
        name="language"
        label={t('incidents-sharing.language')}
        value={chosen.language}
        options={languages().map((one) => ({ value: one, label: languageName(one) }))}
      />
      <Select
        name="tlp"
        label={t('markings.marking')}
        value={chosen.tlp}
        options={labels.map((tlp) => ({ value: tlp, label: t(`markings.tlp.${tlp}`) }))}
      />
    </>
  )
}

/** Second step: exactly what they would have, in their frame; nothing is written before this was seen. */
export function PreviewItemsPage({ visit, loaded: { incident }, space, items, chosen, trouble }: Props) {
  const { t, services, language, query } = visit
  const parties = namesOf(visit, othersIn(services, space))
  const title = t('incidents-sharing.view', { parties })
  const back = new URLSearchParams(query)
  back.set('step', 'choose')
  return (
    <Framed
      visit={visit}
      title={`${title} · ${incident.codeName}`}
      current="/incidents"
      marking={{ tlp: chosen.tlp }}
      drill={space.drill}
    >
      <PageHead form={titleOf(space, language)} title={title} lead={t('incidents-sharing.view-lead', { parties })} />
      <BackTo visit={visit} incident={incident} />
      <SharedWith visit={visit} parties={parties} />
      {trouble !== undefined && <Trouble what={trouble} />}
      <Paper>
        <p>
          <TlpLabel marking={{ tlp: chosen.tlp }} />
        </p>
        <h2 dir="auto">{chosen.subject}</h2>
        {items.map((one) => (
          <p key={one.key} dir="auto" lang={chosen.language}>
            {one.words}
          </p>
        ))}
      </Paper>
      <p>{t('incidents-sharing.not-yet')}</p>
      <Form action={`/incidents/${incident.id}/shared/${space.id}/move`} label={t('incidents-sharing.write')}>
        <Hidden name="id" value={newId()} />
        {chosen.items.map((key) => (
          <Hidden key={key} name="items" value={key} />
        ))}
        {(['subject', 'addressee', 'language', 'tlp'] as const).map((name) => (
          <Hidden key={name} name={name} value={chosen[name]} />
        ))}
        <Row>
          <Button label={t('incidents-sharing.write')} />
          <LinkButton
            plain
            href={`/incidents/${incident.id}/shared/${space.id}/move?${back}`}
            label={t('incidents-sharing.change')}
          />
        </Row>
      </Form>
    </Framed>
  )
}
