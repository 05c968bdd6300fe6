import type { ActAction, ActContent, ActNote } from '../../../core/module/types.ts'
import { formatList, formatSize, type Translate } from '../../../text/index.ts'
import {
  ButtonForm,
  ClockChip,
  Details,
  Entry,
  Finality,
  FormLine,
  LinkButton,
  Pairs,
  Paper,
  Quiet,
  Reg,
  Row,
  Time,
  TlpLabel,
  Trouble,
} from '../../../web/index.ts'
import { isActiveName } from '../../../core/attachments/index.ts'
import { clockState } from '../../../core/clocks/index.ts'
import { clockStateText, owedText } from '../clock-words.ts'
import { mayWriteIn } from '../find-space.ts'
import { finalityLevel, missingText, standingText } from '../finality.ts'
import { withoutEffectText } from '../space-words.ts'
import type { TimelineAct } from '../timeline.ts'
import { lapseHref, mayLapse } from './lapse-page.tsx'

/** An act as an entry: what was said in the column, what makes it reliable in the margin. */
export function ActEntry({ act, now }: { act: TimelineAct; now: number }) {
  const {
    shown,
    props: { t },
  } = act
  return (
    <Entry id={`act-${shown.act.hash}`} unread={act.isUnread} margin={<ActMargin act={act} now={now} />}>
      <ActHead act={act} />
      <ActDocument act={act} />
      <ActActions actions={act.actions} act={act} />
      {act.answers.length > 0 && (
        <Details summary={t('spaces.act.answers', { count: act.answers.length })}>
          <ul>
            {act.answers.map((one) => (
              <li key={one.shown.act.hash}>
                <AnswerLine act={one} />
              </li>
            ))}
          </ul>
        </Details>
      )}
    </Entry>
  )
}

function ActHead({ act }: { act: TimelineAct }) {
  const {
    shown,
    props: { services, language },
  } = act
  return (
    <>
      <FormLine>
        {formOf(act)} · {services.nameOf(shown.act.statement.author, language)} · <bdi>{act.office}</bdi>
      </FormLine>
      <h3>
        <a href={proofHref(act)}>{headlineOf(act)}</a>
      </h3>
    </>
  )
}

const proofHref = ({ shown: { act } }: TimelineAct): string => `/spaces/${act.space}/acts/${act.hash}`

/** What kind of document it is; an unknown type is called by its name. */
export function formOf({ shown, face, props: { t } }: TimelineAct): string {
  return face ? face.form(t, shown.content?.body) : t('spaces.act.unknown-form')
}

/** Subject or gist where it can be read, else what kind of thing it is. */
export function headlineOf(act: TimelineAct): string {
  const { shown, face, props } = act
  return face && isWhole(act) ? face.headline(props) : face ? formOf(act) : shown.act.statement.type
}

/** Nothing of it is withheld, erased or missing, so that its face can show it. */
function isWhole({ shown, erased }: TimelineAct): boolean {
  if (shown.withheld !== undefined || shown.content?.body === undefined || erased.includes('text')) return false
  const hasText = shown.act.statement.parts.some((part) => part.role === 'text')
  return !hasText || shown.content.text !== undefined
}

/** The act set as a document, or the reason why it cannot be. */
export function ActDocument({ act }: { act: TimelineAct }) {
  const { shown, face, props } = act
  const { t } = props
  const written = (shown.content?.body as { language?: unknown } | undefined)?.language
  return (
    <>
      {shown.act.withoutEffect !== undefined && shown.act.withoutEffect !== 'unknown-type' && (
        <Trouble
          title={t('spaces.act.without-effect')}
          what={withoutEffectText(shown.act.statement.type, shown.act.withoutEffect, t)}
        />
      )}
      {act.notes
        .filter((note) => note.isTrouble)
        .map((note) => (
          <Trouble key={note.text} what={<NoteText note={note} />} />
        ))}
      {face && isWhole(act) ? (
        <Paper language={typeof written === 'string' ? written : undefined}>
          <face.Document {...props} />
        </Paper>
      ) : (
        <Quiet>{absence(act)}</Quiet>
      )}
      {shown.content && <Attachments act={act} content={shown.content} />}
    </>
  )
}

function NoteText({ note: { text, href } }: { note: ActNote }) {
  return href === undefined ? <span>{text}</span> : <a href={href}>{text}</a>
}

function absence({ shown, face, erased, props: { t } }: TimelineAct): string {
  if (shown.withheld !== undefined) return t(`markings.withheld.${shown.withheld}`)
  const dark = shown.act.dark ?? shown.content?.dark
  if (dark) return t(`spaces.sealed.dark.${dark}`)
  if (!face) return t('spaces.act.unknown', { type: shown.act.statement.type })
  return t(erased.length > 0 ? 'spaces.act.erased' : 'spaces.act.not-arrived')
}

function Attachments({ act, content }: { act: TimelineAct; content: ActContent }) {
  const {
    erased,
    shown,
    props: { t, language },
  } = act
  if (content.attachments.length === 0) return null
  return (
    <ul class="small">
      {content.attachments.map((one) => (
        <li key={one.hash}>
          {one.present ? (
            <a href={`/spaces/${shown.act.space}/acts/${shown.act.hash}/parts/${one.hash}`} title={one.name}>
              <bdi>{one.title ?? one.name}</bdi>
            </a>
          ) : (
            <bdi>{one.name}</bdi>
          )}
          {` · ${formatSize(one.size, language)} `}
          {!one.present &&
            t(erased.includes('attachment') ? 'spaces.act.attachment-erased' : 'spaces.act.attachment-coming')}
          {one.marking && <TlpLabel marking={one.marking} />}
          {one.present && (
            <>
              {' '}
              <a href={`/spaces/${shown.act.space}/acts/${shown.act.hash}/parts/${one.hash}/about`}>
                {t(isActiveName(one.name) ? 'files.part.look-first' : 'files.part.look')}
              </a>
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

function ActMargin({ act, now }: { act: TimelineAct; now: number }) {
  const {
    shown: { act: logged, space },
    props,
    clocks,
    standing,
    margin,
  } = act
  const { viewer, t, language } = props
  const zone = viewer.person.zone
  const missing = missingText(standing, {
    t,
    nameOf: (name) => props.services.nameOf(name, language),
    list: (names) => formatList(names, language),
  })
  return (
    <>
      <Reg text={t('spaces.act.number', { number: logged.index })} />
      <Pairs
        items={[
          { term: t('spaces.act.recorded'), detail: <Moment ms={logged.time} zone={zone} language={language} /> },
          space.drill !== undefined && {
            term: t('spaces.act.in-drill'),
            detail: <Moment ms={logged.scenarioTime} zone={zone} language={language} />,
          },
        ]}
      />
      <Finality level={finalityLevel[standing.word]} text={standingText(standing, t)} />
      {missing !== undefined && <Quiet small>{missing}</Quiet>}
      {/* A face that says itself how its duty was met needs no second line about it. */}
      {clocks
        .filter((clock) => clock.metBy === undefined || !margin)
        .map((clock) => (
          <p key={clock.id}>
            {owedText(clock, { ...props, zone, now })}{' '}
            <ClockChip state={clockState(clock, now)} text={clockStateText(clock, { ...props, zone, now })} />{' '}
            <span class="small">{t(`clocks.source.${clock.source}`)}</span>{' '}
            {clock.lapsedBy !== undefined && <span class="small">{t('clocks.lapsed')}</span>}
            {mayLapse(clock, now) && viewer.may('clock.lapsed:send') && mayWriteIn(props.services, space) && (
              <a class="small" href={lapseHref(clock)}>
                {t('spaces.lapse.link')}
              </a>
            )}
          </p>
        ))}
      {margin}
      {act.notes
        .filter((note) => !note.isTrouble)
        .map((note) => (
          <p key={note.text} class="small">
            <NoteText note={note} />
          </p>
        ))}
      <p>
        <TlpLabel marking={logged.statement.marking} />
      </p>
      {logged.statement.marking.audience && (
        <Quiet small>{t('markings.audience', { parties: logged.statement.marking.audience.join(', ') })}</Quiet>
      )}
      <p>
        <a href={proofHref(act)}>{t('spaces.act.what-it-proves')}</a>
      </p>
    </>
  )
}

/** A moment in the reader's zone with UTC beside it. */
export function Moment({ ms, zone, language }: { ms: number; zone: string; language: string }) {
  const isUtc = zone === 'UTC' || zone === 'Etc/UTC'
  return (
    <Time
      ms={ms}
      zone={zone}
      language={language}
      seconds
      short
      other={isUtc ? undefined : { zone: 'UTC', label: '' }}
    />
  )
}

function AnswerLine({ act }: { act: TimelineAct }) {
  const {
    shown: { act: logged },
    props: { services, viewer, language },
    margin,
  } = act
  return (
    <>
      <a href={proofHref(act)} id={`act-${logged.hash}`}>
        {headlineOf(act)}
      </a>
      {` · ${services.nameOf(logged.statement.author, language)} · `}
      <Time ms={logged.scenarioTime} zone={viewer.person.zone} language={language} short />
      {margin}
    </>
  )
}

/** What this person can do about an act. */
export function ActActions({ actions, act }: { actions: readonly ActAction[]; act: TimelineAct }) {
  if (actions.length === 0) return null
  return (
    <Row>
      {actions.map((action) => (
        <Action key={action.href + action.label} action={action} t={act.props.t} />
      ))}
    </Row>
  )
}

/** A verb as a link or as a form of one button. */
export function Action({ action, t }: { action: ActAction; t: Translate }) {
  const plain = !action.primary
  const label = t(action.label, action.labelFacts)
  return action.method === 'GET' ? (
    <LinkButton href={action.href} label={label} plain={plain} />
  ) : (
    <ButtonForm action={action.href} label={label} fields={action.fields} plain={plain} />
  )
}

/** A run of record-keeping entries, folded. */
export function RecordKeeping({ acts }: { acts: readonly TimelineAct[] }) {
  const [first] = acts
  if (!first) return null
  const { t, services, viewer, language } = first.props
  return (
    <Details summary={t('spaces.act.record-keeping', { count: acts.length })}>
      <ul>
        {acts.map((act) => (
          <li key={act.shown.act.hash} id={`act-${act.shown.act.hash}`}>
            <a href={proofHref(act)}>{t('spaces.act.number', { number: act.shown.act.index })}</a>
            {` · ${headlineOf(act)} · ${services.nameOf(act.shown.act.statement.author, language)} · `}
            <Time ms={act.shown.act.time} zone={viewer.person.zone} language={language} short />
          </li>
        ))}
      </ul>
    </Details>
  )
}
