import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime, isolate } from '../../../text/index.ts'
import { LinkButton, PageHead, Pairs, Paper, Quiet, Row, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { type Demarche, type NotedNote, type Standing, standings } from '../demarche.ts'
import { capitalName, isParty } from './capital-name.ts'
import { dayWords } from './day-words.ts'

interface Props {
  visit: Visit
  demarche: Demarche
  /** Spaces of ours: what is left behind is written there, by itself. */
  spaces: readonly SpaceFacts[]
}

/** The instruction, the matrix of capitals, and every note in the order it was made. */
export function DemarchePage({ visit, demarche, spaces }: Props) {
  const { t, language, viewer } = visit
  const there = standings(demarche)
  const mayNote = viewer.may('demarches.read-out:draft')
  return (
    <Framed visit={visit} title={demarche.subject} current="/demarches" marking={{ tlp: demarche.tlp }}>
      <PageHead form={t('demarches.form')} title={<bdi>{demarche.subject}</bdi>} lead={t('demarches.stays-home')} />
      {mayNote && (
        <Row>
          <LinkButton href={`/demarches/${demarche.id}/delivered`} label={t('demarches.action.deliver')} />
          <LinkButton plain href={`/demarches/${demarche.id}/read-out`} label={t('demarches.action.read-out')} />
        </Row>
      )}
      <Section title={t('demarches.instruction')}>
        <Pairs
          items={[
            { term: t('demarches.field.level'), detail: t(`demarches.level.${demarche.level}`) },
            demarche.deliverBy !== undefined && {
              term: t('demarches.deliver-by'),
              detail: dayWords(demarche.deliverBy, language),
            },
            { term: t('demarches.field.leaveBehind'), detail: t(`demarches.leave.${demarche.leaveBehind}`) },
            {
              term: t('demarches.instructed'),
              detail: `${isolate(demarche.by)} · ${isolate(formatDateTime(demarche.instructedAt, viewer.person.zone, language))}`,
            },
          ]}
        />
        <Paper>
          <p dir="auto">{demarche.objective}</p>
          <ul dir="auto">
            {demarche.talkingPoints.map((point, index) => (
              <li key={index}>{point}</li>
            ))}
          </ul>
        </Paper>
      </Section>
      <Section title={t('demarches.matrix')}>
        <Table
          caption={t('demarches.matrix')}
          quietCaption
          head={['capital', 'approached', 'by', 'to', 'answer'].map((name) => t(`demarches.column.${name}`))}
          rows={there.map((one) => rowOf(visit, one))}
        />
        {demarche.leaveBehind !== 'nothing' && <LeftBehind visit={visit} demarche={demarche} spaces={spaces} />}
      </Section>
      {demarche.notes.length > 0 && (
        <Section title={t('demarches.notes')}>
          {demarche.notes.map((note, index) => (
            <NoteEntry key={index} visit={visit} note={note} />
          ))}
        </Section>
      )}
    </Framed>
  )
}

function rowOf(visit: Visit, { capital, delivered, readOut }: Standing) {
  const { t } = visit
  return [
    capitalName(visit, capital),
    delivered ? whenThere(visit, delivered) : t('demarches.not-yet'),
    delivered?.byWhom ?? '–',
    delivered?.toWhom ?? '–',
    readOut?.answer ? t(`demarches.answer.${readOut.answer}`) : t('demarches.nothing-home'),
  ]
}

/** Day and hour there, as they were given. */
function whenThere({ language }: Visit, { on, at }: NotedNote): string {
  return at === undefined ? dayWords(on, language) : `${dayWords(on, language)}, ${at}`
}

function NoteEntry({ visit, note }: { visit: Visit; note: NotedNote }) {
  const { t, language, viewer } = visit
  return (
    <div>
      <h3>
        {t(`demarches.${note.kind}.headline`, { capital: capitalName(visit, note.capital) })} · {whenThere(visit, note)}
      </h3>
      {note.answer && <p>{t(`demarches.answer.${note.answer}`)}</p>}
      {note.words && <p dir="auto">{note.words}</p>}
      <Quiet small>
        {t('demarches.noted', {
          person: note.notedBy,
          time: formatDateTime(note.notedAt, viewer.person.zone, language),
          by: note.byWhom,
        })}
      </Quiet>
    </div>
  )
}

/** Only links: what is left behind is a document of its own, written, cleared and sent like any other. */
function LeftBehind({ visit, demarche, spaces }: Props) {
  const { t, language, viewer } = visit
  if (!viewer.may('channels.note-sent:draft')) return null
  const links = demarche.capitals
    .filter(isParty)
    .flatMap((party) =>
      spaces
        .filter(
          (space) =>
            (space.kind === 'channel' || space.kind === 'case') &&
            space.members.some((one) => one.party === party && one.until === undefined),
        )
        .map((space) => ({ party, space })),
    )
  return (
    <>
      <p>{t('demarches.leave-lead', { form: t(`channels.form.${demarche.leaveBehind}`) })}</p>
      {links.length === 0 ? (
        <Quiet>{t('demarches.leave-nowhere')}</Quiet>
      ) : (
        <ul>
          {links.map(({ party, space }) => (
            <li key={`${party} ${space.id}`}>
              <a
                href={`/spaces/${space.id}/write/channels.note-sent?form=${demarche.leaveBehind}&to=${encodeURIComponent(party)}`}
              >
                {capitalName(visit, party)} · <bdi>{space.title[language] ?? space.title.en ?? space.purpose}</bdi>
              </a>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
