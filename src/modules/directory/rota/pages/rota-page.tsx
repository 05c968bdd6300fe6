import type { Visit } from '../../../../core/module/types.ts'
import { formatDateTime } from '../../../../text/index.ts'
import { ButtonForm, Entry, FormLine, LinkButton, PageHead, Quiet, Row, Section, Table } from '../../../../web/index.ts'
import { Framed } from '../../../frame/index.ts'
import type { HandOver } from '../hand-over.ts'
import type { Gap, Rota, Shift } from '../on-duty.ts'
import { firstInWords, gapInWords } from '../rota-words.ts'
import { NoteLines } from './hand-over-pages.tsx'
import { ShiftForm } from './shift-form.tsx'

interface Props {
  visit: Visit<any>
  /** What decides of the days shown. */
  rota: Rota
  onDuty: readonly Shift[]
  gaps: readonly Gap[]
  /** Somebody was on this rota once. */
  isKept: boolean
  handOvers: readonly HandOver[]
  /** Keeps the rota. */
  isKeeper: boolean
  isOnDuty: boolean
  id: string
  errors?: Record<string, string>
}

/** Who is on duty, when nobody is, who is absent, and what was handed on. */
export function RotaPage(props: Props) {
  const { visit, onDuty, isKeeper, isOnDuty } = props
  const { t } = visit
  return (
    <Framed visit={visit} title={t('directory.rota.title')} current="/directory">
      <PageHead
        title={t('directory.rota.title')}
        lead={firstInWords(onDuty, t)}
        actions={
          <>
            {isOnDuty && <LinkButton href="/directory/rota/hand-over" label={t('directory.rota.hand-over.title')} />}
            <LinkButton plain href="/directory/rota/absence" label={t('directory.rota.absence.title')} />
          </>
        }
      />
      {onDuty.map((shift) => (
        <OnDuty key={shift.id} shift={shift} visit={visit} isKeeper={isKeeper} />
      ))}
      <Gaps {...props} />
      <Planned {...props} />
      <Absences {...props} />
      <HandOvers {...props} />
      {isKeeper && <ShiftForm visit={visit} people={[...props.rota.names]} id={props.id} errors={props.errors} />}
    </Framed>
  )
}

function OnDuty({ visit, shift, isKeeper }: Pick<Props, 'visit' | 'isKeeper'> & { shift: Shift }) {
  const { t, language, viewer } = visit
  const until = shift.untilAt && formatDateTime(shift.untilAt, viewer.person.zone, language, { short: true })
  return (
    <Entry margin={until ? t('directory.rota.until', { time: until }) : t('directory.rota.open-end')}>
      <FormLine>{t('directory.rota.rank', { rank: shift.rank })}</FormLine>
      <h2>
        <bdi>{shift.name}</bdi>
      </h2>
      {shift.insteadOf !== undefined && <p>{t('directory.rota.instead', { name: shift.insteadOf })}</p>}
      {isKeeper && <ButtonForm plain action={`/directory/rota/${shift.id}/end`} label={t('directory.rota.end')} />}
    </Entry>
  )
}

function Gaps({ visit, gaps, isKept }: Props) {
  const { t, language, viewer } = visit
  return (
    <Section id="gaps" title={t('directory.rota.gap.title')}>
      {!isKept && <Quiet>{t('directory.rota.gap.no-rota')}</Quiet>}
      {isKept && gaps.length === 0 && <Quiet>{t('directory.rota.gap.none')}</Quiet>}
      {gaps.length > 0 && (
        <>
          <p>{t('directory.rota.gap.lead', { count: gaps.length, zone: viewer.person.zone })}</p>
          <ul>
            {gaps.map((gap) => (
              <li key={gap.from}>{gapInWords(gap, viewer.person.zone, language)}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  )
}

/** Duties of the coming days. */
function Planned({ visit, rota, isKeeper }: Props) {
  const { t, language, viewer, services } = visit
  const now = services.clock.now()
  const toCome = rota.shifts.filter((shift) => shift.fromAt > now && shift.endedAt === undefined)
  if (toCome.length === 0) return null
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return (
    <Section title={t('directory.rota.to-come')}>
      <Table
        caption={t('directory.rota.to-come')}
        quietCaption
        head={[
          t('directory.rota.from'),
          t('directory.rota.until-label'),
          t('directory.rota.person'),
          t('directory.rota.paged'),
          ...(isKeeper ? [t('directory.rota.call-off')] : []),
        ]}
        rows={toCome.map((shift) => [
          at(shift.fromAt),
          shift.untilAt === undefined ? t('directory.rota.open-end') : at(shift.untilAt),
          <bdi>{rota.names.get(shift.person) ?? '–'}</bdi>,
          t('directory.rota.rank', { rank: shift.rank }),
          ...(isKeeper
            ? [<ButtonForm plain action={`/directory/rota/${shift.id}/end`} label={t('directory.rota.call-off')} />]
            : []),
        ])}
      />
    </Section>
  )
}

function Absences({ visit, rota, isKeeper }: Props) {
  const { t, language, viewer, services } = visit
  const now = services.clock.now()
  const standing = rota.absences.filter((absence) => (absence.endedAt ?? absence.untilAt) > now)
  if (standing.length === 0) return null
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return (
    <Section title={t('directory.rota.absence.list')}>
      {standing.map((absence) => (
        <Entry key={absence.id} margin={`${at(absence.fromAt)} – ${at(absence.untilAt)}`}>
          <h3>
            <bdi>{rota.names.get(absence.person) ?? '–'}</bdi>
          </h3>
          <p>
            {absence.deputy === undefined
              ? t('directory.rota.absence.nobody-stands-in')
              : t('directory.rota.absence.stands-in', { name: rota.names.get(absence.deputy) ?? '–' })}
          </p>
          {(isKeeper || absence.person === viewer.person.id) && (
            <ButtonForm
              plain
              action={`/directory/rota/absences/${absence.id}/end`}
              label={t('directory.rota.absence.end')}
            />
          )}
        </Entry>
      ))}
    </Section>
  )
}

function HandOvers({ visit, handOvers }: Props) {
  const { t, language, viewer } = visit
  if (handOvers.length === 0) return null
  return (
    <Section title={t('directory.rota.hand-over.list')}>
      {handOvers.map((one) => (
        <Entry
          key={one.id}
          margin={formatDateTime(one.taken_at ?? one.given_at, viewer.person.zone, language, { short: true })}
        >
          <h3>
            <a href={`/directory/rota/hand-overs/${one.id}`}>
              {t('directory.rota.hand-over.between', { from: one.from_name, to: one.to_name })}
            </a>
          </h3>
          {one.taken_at === null && (
            <Row>
              <Quiet>{t('directory.rota.hand-over.not-taken', { name: one.to_name })}</Quiet>
              {one.from_person === viewer.person.id && (
                <ButtonForm
                  plain
                  action={`/directory/rota/hand-overs/${one.id}/withdraw`}
                  label={t('directory.rota.hand-over.withdraw')}
                />
              )}
            </Row>
          )}
          <NoteLines note={one.note} />
        </Entry>
      ))}
    </Section>
  )
}
