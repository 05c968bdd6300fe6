import type { PartyRecords, Visit } from '../../../core/module/types.ts'
import { actHref } from '../../../core/module/act-href.ts'
import { formatDate, formatList, languageName, languages } from '../../../text/index.ts'
import { Entry, LinkButton, PageHead, Pairs, Quiet, Reg, Section, Table, Time } from '../../../web/index.ts'
import { nameIn } from '../../entrance/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Designation, PartyProfile } from '../party-profile.ts'
import { ContactEntry } from './contact-entry.tsx'
import { RelationSection } from './relation-section.tsx'
import { ToldSection } from './told-section.tsx'

interface Props {
  visit: Visit
  profile: PartyProfile
  mayNote: boolean
}

/** A party as this house sees it, beside what the party calls itself. */
export function PartyPage({ visit, profile, mayNote }: Props) {
  const { t, language, services } = visit
  const { party, isOurselves, designations, contacts } = profile
  const name = services.nameOf(party, language)
  return (
    <Framed visit={visit} title={t('directory.party.title', { party: name })} current="/directory">
      <PageHead
        form={t('directory.party.form')}
        title={<bdi>{name}</bdi>}
        lead={
          <bdi class="reg" dir="ltr">
            {party}
          </bdi>
        }
        actions={
          mayNote && <LinkButton href={`/directory/parties/${party}/relation`} label={t('directory.relation.title')} />
        }
      />
      <Quiet>{t('directory.no-recognition')}</Quiet>
      <Section title={t('directory.party.names')} id="names">
        <NamesTable visit={visit} profile={profile} />
        {designations.length === 0 && <Quiet>{t('directory.party.no-designation')}</Quiet>}
        {designations.map((one) => (
          <DesignationEntry key={one.act} visit={visit} designation={one} />
        ))}
      </Section>
      {!isOurselves && <RelationSection visit={visit} relations={profile.relations} />}
      <Section title={t('directory.party.contacts')} id="contacts">
        {contacts.length === 0 && <Quiet>{t('directory.no-contacts')}</Quiet>}
        {contacts.map((contact) => (
          <ContactEntry key={`${contact.space} ${contact.contact}`} visit={visit} contact={contact} />
        ))}
      </Section>
      <ToldSection visit={visit} told={profile.told} />
      {profile.records.map((one) => (
        <Records key={one.title} visit={visit} records={one} />
      ))}
      {!isOurselves && <Shared visit={visit} profile={profile} />}
      {!isOurselves && <PeerState visit={visit} profile={profile} />}
    </Framed>
  )
}

/** Side by side per language: its own words, its register, our pages. */
function NamesTable({ visit, profile }: Pick<Props, 'visit' | 'profile'>) {
  const { t, services } = visit
  const { party, designations, registered, relations } = profile
  const said = designations.flatMap((one) => (one.said ? [one.said.designation] : []))
  const own = (language: string) => said.find((names) => names[language] !== undefined)?.[language]
  const all = new Set([...languages(), ...said.flatMap((names) => Object.keys(names)), ...Object.keys(registered)])
  return (
    <Table
      caption={t('directory.party.names')}
      quietCaption
      head={[
        t('directory.party.language'),
        t('directory.party.calls-itself'),
        t('directory.party.in-register'),
        t('directory.party.we-show'),
      ]}
      rows={[...all].map((language) => [
        languageName(language),
        own(language) ?? '–',
        registered[language] ?? '–',
        languages().includes(language) ? (
          <ShownName
            name={services.nameOf(party, language)}
            isOurs={relations[0]?.displayName[language] !== undefined}
            ours={t('directory.party.our-name')}
          />
        ) : (
          '–'
        ),
      ])}
    />
  )
}

function ShownName({ name, isOurs, ours }: { name: string; isOurs: boolean; ours: string }) {
  return (
    <>
      <bdi>{name}</bdi>
      {isOurs && <span class="small quiet"> · {ours}</span>}
    </>
  )
}

function DesignationEntry({ visit, designation }: { visit: Visit; designation: Designation }) {
  const { t, language, viewer } = visit
  const { space, title, act, at, said } = designation
  return (
    <Entry margin={<Time ms={at} zone={viewer.person.zone} language={language} />}>
      <h3>
        <a href={actHref(space, act)}>
          {t('directory.profile.form')} · <bdi>{nameIn(title, language, space)}</bdi>
        </a>
      </h3>
      {said ? <Pairs items={wordsOf(said, visit)} /> : <Quiet>{t('directory.party.withheld')}</Quiet>}
    </Entry>
  )
}

function wordsOf({ designation, zone, languages: spoken }: NonNullable<Designation['said']>, { t, language }: Visit) {
  return [
    ...Object.entries(designation).map(([one, name]) => ({ term: languageName(one), detail: name })),
    { term: t('directory.zone'), detail: zone },
    {
      term: t('directory.languages'),
      detail: formatList(
        spoken.map((one) => languageName(one)),
        language,
      ),
    },
  ]
}

/** What our own records of other rooms say of it, apart from all that it says itself. */
function Records({ visit, records: { title, lead, lines } }: { visit: Visit; records: PartyRecords }) {
  const { t, language, viewer } = visit
  return (
    <Section title={t(title)}>
      <Quiet>{t(lead)}</Quiet>
      <ul>
        {lines.map(({ href, form, number, state, at }) => (
          <li key={href}>
            <a href={href}>
              {t(form)} <bdi>{number}</bdi>
            </a>{' '}
            · {formatDate(at, viewer.person.zone, language)} · {t(state)}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Shared({ visit, profile: { shared } }: Pick<Props, 'visit' | 'profile'>) {
  const { t, language } = visit
  return (
    <Section title={t('directory.party.shared')} id="shared">
      {shared.length === 0 ? (
        <Quiet>{t('directory.party.shared-none')}</Quiet>
      ) : (
        <ul>
          {shared.map((space) => (
            <li key={space.id}>
              <a href={`/spaces/${space.id}`}>
                <bdi>{nameIn(space.title, language, space.id)}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function PeerState({ visit, profile: { peer } }: Pick<Props, 'visit' | 'profile'>) {
  const { t, language, viewer } = visit
  const state = peer?.state ?? 'stranger'
  return (
    <Section title={t('directory.party.identity')} id="identity">
      <p>{t(`directory.party.identity-${state}`)}</p>
      {peer && (
        <Pairs
          items={[
            peer.pinnedAt !== undefined && {
              term: t('directory.party.compared'),
              detail: <Time ms={peer.pinnedAt} zone={viewer.person.zone} language={language} />,
            },
            { term: t('directory.party.address'), detail: <Reg text={peer.url} /> },
          ]}
        />
      )}
      {peer && viewer.may('peers:manage') && (
        <p>
          <a href={`/peers/${peer.party}`}>{t('directory.party.keys')}</a>
        </p>
      )}
    </Section>
  )
}
