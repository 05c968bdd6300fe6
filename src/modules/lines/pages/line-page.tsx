import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Details,
  Field,
  Form,
  Hidden,
  Pairs,
  Paper,
  Quiet,
  Section,
  Table,
  TextArea,
  Time,
  TlpLabel,
} from '../../../web/index.ts'
import { type Incident, RecordFrame } from '../../incidents/index.ts'
import { flagsSeen, handsIn } from '../clear-lines.ts'
import type { LineGround } from '../grounds/line-ground.ts'
import { questionLength, wordsLength } from '../kinds.ts'
import type { Line, Wording } from '../read-lines.ts'
import { HeldUntil, type ReleaseChoice } from '../releases/held-until.tsx'
import { AskedSection } from '../second-person/asked-section.tsx'
import type { SecondRequest } from '../second-person/requests.ts'
import { changedSinceClearance, clearanceOf, clearedAs, standingIn, wordingIn } from '../standing.ts'
import { type Returned, returnedTo, Signature, Signed, WhatIsWrong } from '../../frame/index.ts'
import { groundText, languageText, StateWords, WordingFields } from './parts.tsx'

interface Props {
  visit: Visit
  incident: Incident
  line: Line
  grounds: readonly LineGround[]
  /** Times of release it can wait for. */
  choices: readonly ReleaseChoice[]
  /** Who was asked to be its second person, newest first. */
  requests: readonly SecondRequest[]
  nameOf(person: string): string
  returned?: Returned | undefined
}

/** One line: its words in each language, who cleared them, what it rests on and what changed of that, its history. */
export function LinePage(props: Props) {
  const { visit, incident, line, returned } = props
  const { t, viewer } = visit
  const mayWrite = incident.state !== 'closed' && !line.withdrawn && viewer.may('incidents:draft')
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t(`lines.kind.${line.kind}`)}
      back={{ href: `/incidents/${incident.id}/lines`, label: t('lines.back') }}
    >
      <WhatIsWrong returned={returned} />
      <Terms {...props} />
      <Flags {...props} />
      {[line.wording, ...line.translations].map((said) => (
        <InLanguage key={said.id} {...props} said={said} />
      ))}
      <AskedSection {...props} />
      <HeldUntil
        visit={visit}
        embargo={line.embargo}
        choices={props.choices}
        returned={returned}
        {...(mayWrite && { action: `/incidents/${incident.id}/lines/${line.id}/until` })}
      />
      <RestsOn {...props} />
      {mayWrite && <Forms {...props} />}
      <History {...props} />
    </RecordFrame>
  )
}

function Terms({ visit, line, nameOf }: Props) {
  const { t, viewer, language } = visit
  const { audience, marking, validFrom, validUntil } = line.wording
  const time = (ms: number) => <Time ms={ms} zone={viewer.person.zone} language={language} />
  return (
    <Pairs
      items={[
        { term: t('lines.field.audience'), detail: t(`lines.audience.${audience}`) },
        { term: t('lines.field.marking'), detail: <TlpLabel marking={{ tlp: marking }} /> },
        { term: t('lines.valid-from'), detail: time(validFrom) },
        validUntil !== undefined && { term: t('lines.valid-until'), detail: time(validUntil) },
        line.withdrawn && {
          term: t('lines.withdrawn'),
          detail: <Signature visit={visit} by={nameOf(line.withdrawn.by)} at={line.withdrawn.at} />,
        },
      ]}
    />
  )
}

function Flags({ visit, incident, line, returned }: Props) {
  const { t, viewer, language } = visit
  if (line.flags.length === 0 || line.withdrawn) return null
  const { value, error } = returnedTo(returned, 'stands')
  const mayConfirm =
    incident.state !== 'closed' &&
    viewer.may('incidents.brief:release') &&
    line.wording.by !== viewer.person.id &&
    !line.flags.some(({ now }) => now?.isWithheld)
  return (
    <Section title={t('lines.flags.title')} id="flags">
      <p>{t('lines.flags.lead')}</p>
      <Table
        caption={t('lines.flags.title')}
        quietCaption
        head={[t('lines.flags.before'), t('lines.flags.now'), t('lines.flags.when')]}
        rows={line.flags.map(({ ground, now }) => [
          <del dir="auto">{groundText(visit, ground)}</del>,
          now ? <Now visit={visit} now={now} /> : t('lines.ground-state.gone'),
          now ? formatDateTime(now.at, viewer.person.zone, language) : '–',
        ])}
      />
      {mayConfirm ? (
        <Form action={`/incidents/${incident.id}/lines/${line.id}/stands`} label={t('lines.flags.stands')}>
          <Hidden name="id" value={newId()} />
          <Hidden name="seen" value={flagsSeen(line)} />
          <TextArea
            name="why"
            label={t('lines.field.why')}
            rows={2}
            value={value('why')}
            error={error('why')}
            required
            maxlength={1_000}
          />
          <Button label={t('lines.flags.stands')} />
        </Form>
      ) : (
        <Quiet>{t('lines.flags.who')}</Quiet>
      )}
    </Section>
  )
}

function Now({ visit, now }: { visit: Visit; now: LineGround }) {
  return (
    <>
      <ins dir="auto">{groundText(visit, { ...now, words: now.words(visit) })}</ins>
      {now.href !== undefined && !now.isWithheld && (
        <>
          {' '}
          <a href={now.href}>{visit.t('lines.flags.see')}</a>
        </>
      )}
    </>
  )
}

function InLanguage({ visit, incident, line, said, nameOf }: Props & { said: Wording }) {
  const { t, viewer, services } = visit
  const now = services.clock.now()
  const state = standingIn(line, said.language, { now })
  const cleared = clearanceOf(line, said)
  const changed = changedSinceClearance(line, said)
  const mayClear =
    state === 'not-cleared' &&
    incident.state !== 'closed' &&
    viewer.may('incidents.brief:release') &&
    !handsIn(line, said).includes(viewer.person.id)
  const isOver = state === 'expired' || state === 'withdrawn'
  return (
    <Section title={languageText(visit, said.language)} id={`in-${said.language}`}>
      <Paper>
        {said.question !== '' && (
          <p dir="auto" lang={said.language}>
            {said.question}
          </p>
        )}
        <p dir="auto" lang={said.language}>
          {isOver ? <del>{said.words}</del> : said.words}
        </p>
      </Paper>
      <p>
        <StateWords visit={visit} line={line} language={said.language} />
      </p>
      <Signed visit={visit} by={nameOf(said.by)} at={said.at} />
      {cleared && (
        <p>
          {t('lines.cleared-by')} <Signature visit={visit} by={nameOf(cleared.by)} at={cleared.at} />
        </p>
      )}
      {changed && changed.before.id !== said.id && (
        <Table
          caption={t('lines.since-clearance')}
          head={[t('lines.cleared-then', { name: nameOf(changed.cleared.by) }), t('lines.flags.now')]}
          rows={[[<del dir="auto">{changed.before.words}</del>, <ins dir="auto">{said.words}</ins>]]}
        />
      )}
      {mayClear && (
        <ButtonForm
          action={`/incidents/${incident.id}/lines/${line.id}/clear`}
          label={t('lines.clear', { language: languageText(visit, said.language) })}
          fields={{ language: said.language, seen: clearedAs(line, said) }}
        />
      )}
      {!mayClear && (state === 'not-cleared' || state === 'flagged') && incident.state !== 'closed' && (
        <p>
          <a href={`/incidents/${incident.id}/lines/${line.id}/who?language=${said.language}`}>
            {t('lines.who.title')}
          </a>
        </p>
      )}
    </Section>
  )
}

function RestsOn({ visit, line, nameOf }: Props) {
  const { t } = visit
  const { resting } = line
  return (
    <Section title={t('lines.field.restsOn')} id="rests-on">
      {!resting || resting.grounds.length === 0 ? (
        <Quiet>{t('lines.rests-on-nothing')}</Quiet>
      ) : (
        <ul>
          {resting.grounds.map((ground) => (
            <li key={`${ground.kind}:${ground.id}`}>
              <bdi>{groundText(visit, ground)}</bdi>
            </li>
          ))}
        </ul>
      )}
      {resting && resting.why !== '' && (
        <p>
          {t('lines.stood', { name: nameOf(resting.by) })} <bdi>{resting.why}</bdi>{' '}
          <Signature visit={visit} by={nameOf(resting.by)} at={resting.at} />
        </p>
      )}
    </Section>
  )
}

function Forms({ visit, incident, line, grounds, returned }: Props) {
  const { t } = visit
  const at = `/incidents/${incident.id}/lines/${line.id}`
  const { value, error } = returnedTo(returned, 'translate')
  const typed = value('language')
  const beside = typed === '' ? undefined : wordingIn(line, typed)
  return (
    <>
      <Details summary={t('lines.change')} open={returned?.form === 'change'} id="change">
        <Form action={`${at}/change`} label={t('lines.change')}>
          <Hidden name="id" value={newId()} />
          <Hidden name="seen" value={line.wording.id} />
          <WordingFields
            visit={visit}
            form="change"
            returned={returned}
            kind={line.kind}
            line={line}
            grounds={grounds}
            marking={incident.marking}
          />
          <Button label={t('lines.save-change')} />
        </Form>
      </Details>
      <Details summary={t('lines.translate')} open={returned?.form === 'translate'} id="translate">
        <Form action={`${at}/translate`} label={t('lines.translate')} scope="translate">
          <Hidden name="id" value={newId()} />
          <Hidden name="seen" value={line.wording.id} />
          <Field
            name="language"
            label={t('lines.field.language')}
            hint={t('lines.field.language-hint')}
            value={typed}
            error={error('language')}
            required
            width="short"
            maxlength={35}
            list={['en', 'fr', 'ar']}
          />
          {line.wording.question !== '' && (
            <Field
              name="question"
              label={t('lines.field.question')}
              value={value('question', beside?.question)}
              error={error('question')}
              required
              maxlength={questionLength}
            />
          )}
          <TextArea
            name="words"
            label={t('lines.field.words')}
            rows={4}
            value={value('words', beside?.words)}
            error={error('words')}
            required
            maxlength={wordsLength}
          />
          <Button label={t('lines.save-translation')} />
        </Form>
      </Details>
      <ButtonForm danger action={`${at}/withdraw`} label={t('lines.withdraw')} />
    </>
  )
}

function History({ visit, line, nameOf }: Props) {
  const { t } = visit
  const stood = line.earlierRestings.filter(({ why }) => why !== '')
  if (line.earlier.length === 0 && stood.length === 0) return null
  return (
    <Section title={t('lines.history')} id="history">
      <ul>
        {line.earlier.map((one) => (
          <li key={one.id}>
            {languageText(visit, one.language)}: <del dir="auto">{one.words}</del>{' '}
            <Signature visit={visit} by={nameOf(one.by)} at={one.at} />
          </li>
        ))}
        {stood.map((one) => (
          <li key={`${one.at} ${one.why}`}>
            {t('lines.stood', { name: nameOf(one.by) })} <bdi>{one.why}</bdi>{' '}
            <Signature visit={visit} by={nameOf(one.by)} at={one.at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
