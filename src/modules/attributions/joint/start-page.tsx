import type { Peer, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList } from '../../../text/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, LeavesStays, Quiet, Section } from '../../../web/index.ts'
import { isAmongParties } from '../../channels/index.ts'
import { othersIn } from '../../incidents/index.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { AttributionFrame, pathOf } from '../pages/parts.tsx'

interface Props {
  visit: Visit
  register: LoadedRegister
  /** Parties that can be members of a space of ours. */
  peers: readonly Peer[]
  returned?: Returned
}

/**
 * Who said in the spaces of the incident that it stands by the same: parties that affirmed, or concurred with us, and
 * did not take it back.
 */
export function likeMinded(own: string, { between }: Pick<LoadedRegister, 'between'>): Set<string> {
  const standing = between.filter(({ row }) => row.withdrawn_by === null && row.replaced_by === null)
  return new Set(
    standing.flatMap(({ row, body, answers }) =>
      row.author === own
        ? answers.filter(({ answer }) => answer === 'concurred').map(({ author }) => author)
        : body?.choice === 'affirm'
          ? [row.author]
          : [],
    ),
  )
}

/** One step to a joint text: who signs, what they see at once, what leaves later, and what never does. */
export function StartPage({ visit, register, peers, returned }: Props) {
  const { t } = visit
  const { incident } = register.loaded
  const { value } = returnedTo(returned)
  const labels = { members: t('attributions.start.who'), name: t('attributions.start.name') }
  return (
    <AttributionFrame
      visit={visit}
      incident={incident}
      title={t('attributions.start.title')}
      lead={t('attributions.start.lead')}
      sub
    >
      <WhatIsWrong returned={returned} labels={labels} />
      <LeavesStays
        leaves={[t('attributions.start.leaves-page'), t('attributions.start.leaves-text')]}
        stays={[t('attributions.start.stays-home'), t('attributions.start.stays-others')]}
      />
      <Section title={t('attributions.start.open')} id="open">
        <Form action={`${pathOf(incident)}/joint`} label={t('attributions.start.title')}>
          <Hidden name="id" value={value('id', newId())} />
          <Who visit={visit} register={register} peers={peers} returned={returned} label={labels.members} />
          <Field
            name="name"
            label={labels.name}
            hint={t('attributions.start.name-hint')}
            value={value('name', t('attributions.start.name-given'))}
            error={returned?.errors.name}
            required
            maxlength={300}
          />
          <Button label={t('attributions.start.do')} />
          <Quiet small>{t('attributions.start.why-own')}</Quiet>
        </Form>
      </Section>
      <Elsewhere visit={visit} register={register} />
    </AttributionFrame>
  )
}

/** Those who said the same are ticked; those we already talk with about it come first. */
function Who({ visit, register, peers, returned, label }: Props & { label: string }) {
  const { t, services, language } = visit
  if (peers.length === 0) return <Quiet>{t('attributions.start.nobody')}</Quiet>
  const same = likeMinded(services.party, register)
  const near = new Set(register.loaded.spaces.flatMap((space) => othersIn(services, space)))
  const rank = ({ party }: Peer) => (same.has(party) ? 0 : near.has(party) ? 1 : 2)
  const isNear = (party: string) => (same.has(party) ? 'same' : near.has(party) ? 'near' : undefined)
  return (
    <CheckboxGroup
      name="members"
      label={label}
      hint={t('attributions.start.who-hint')}
      error={returned?.errors.members}
      required
      values={returnedTo(returned).values('members', [...same])}
      options={peers
        .toSorted((a, b) => rank(a) - rank(b))
        .map(({ party }) => {
          const how = isNear(party)
          return {
            value: party,
            label: services.nameOf(party, language),
            ...(how && { hint: t(`attributions.start.${how}`) }),
          }
        })}
    />
  )
}

/** A text that is not to be published can stand where the parties already talk. */
function Elsewhere({ visit, register: { loaded } }: Pick<Props, 'visit' | 'register'>) {
  const { t, services, language } = visit
  const spaces = loaded.spaces.filter((space) => isAmongParties(space) && othersIn(services, space).length > 0)
  if (spaces.length === 0) return null
  return (
    <Section title={t('attributions.start.elsewhere')} id="elsewhere">
      <p>{t('attributions.start.elsewhere-means')}</p>
      <ul>
        {spaces.map((space) => (
          <li key={space.id}>
            <a href={`/spaces/${space.id}/write/attributions.text-proposed`}>
              <bdi>{space.title[language] ?? space.title.en ?? Object.values(space.title)[0]}</bdi>
            </a>{' '}
            <bdi>
              {formatList(
                othersIn(services, space).map((one) => services.nameOf(one, language)),
                language,
              )}
            </bdi>
          </li>
        ))}
      </ul>
    </Section>
  )
}
