import type { Clock } from '../../../../core/clocks/types.ts'
import { actHref } from '../../../../core/module/act-href.ts'
import type { Visit } from '../../../../core/module/types.ts'
import { formatDateTime } from '../../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Paper,
  Quiet,
  Row,
  Section,
  Select,
  TextArea,
} from '../../../../web/index.ts'
import { Framed } from '../../../frame/index.ts'
import type { HandOver } from '../hand-over.ts'
import type { Shift } from '../on-duty.ts'

interface Given {
  visit: Visit<any>
  shift: Shift
  people: readonly { id: string; name: string }[]
  /** Duties of ours that are open. */
  owed: readonly Clock[]
  id: string
  errors?: Record<string, string>
}

/** Who is on duty hands it on: to whom, what the other must know, what is open. */
export function HandOverPage({ visit, shift, people, owed, id, errors = {} }: Given) {
  const { t, values = {} } = visit
  return (
    <Framed visit={visit} title={t('directory.rota.hand-over.title')} current="/directory">
      <PageHead title={t('directory.rota.hand-over.title')} lead={t('directory.rota.hand-over.lead')} />
      <Owed visit={visit} owed={owed} />
      <Form action="/directory/rota/hand-over">
        <Hidden name="id" value={id} />
        <Hidden name="shift" value={shift.id} />
        <Select
          name="to"
          label={t('directory.rota.hand-over.to')}
          value={String(values.to ?? '')}
          error={errors.to}
          placeholder=""
          options={people.map((person) => ({ value: person.id, label: person.name }))}
        />
        <TextArea
          name="note"
          label={t('directory.rota.hand-over.note')}
          hint={t('directory.rota.hand-over.note-hint')}
          value={String(values.note ?? '')}
          error={errors.note}
          maxlength={4_000}
        />
        <Button label={t('directory.rota.hand-over.give')} />
      </Form>
    </Framed>
  )
}

/** The note, what is open, and the one button by which the duty goes over. */
export function TakeOverPage({ visit, handOver, owed }: { visit: Visit; handOver: HandOver; owed: readonly Clock[] }) {
  const { t, language, viewer } = visit
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  const title = t('directory.rota.hand-over.between', { from: handOver.from_name, to: handOver.to_name })
  const isOffered = handOver.taken_at === null && handOver.withdrawn_at === null
  const lead =
    handOver.taken_at !== null
      ? t('directory.rota.hand-over.taken-at', { time: at(handOver.taken_at) })
      : handOver.withdrawn_at !== null
        ? t('directory.rota.hand-over.withdrawn-at', { time: at(handOver.withdrawn_at) })
        : t('directory.rota.hand-over.given-at', { time: at(handOver.given_at), name: handOver.from_name })
  return (
    <Framed visit={visit} title={title} current="/directory">
      <PageHead form={t('directory.rota.hand-over.form')} title={title} lead={lead} />
      <Paper>
        <NoteLines note={handOver.note} />
      </Paper>
      {isOffered && <Owed visit={visit} owed={owed} />}
      <Row>
        {isOffered && handOver.to_person === viewer.person.id && (
          <ButtonForm
            action={`/directory/rota/hand-overs/${handOver.id}/take`}
            label={t('directory.rota.hand-over.take')}
          />
        )}
        <LinkButton plain href="/directory/rota" label={t('directory.rota.see')} />
      </Row>
    </Framed>
  )
}

/** As it was typed, line by line. */
export function NoteLines({ note }: { note: string }) {
  return note.split(/\r?\n/).map((line, index) => (
    <p key={`${index} ${line}`} dir="auto">
      {line}
    </p>
  ))
}

/** What whoever is on duty has to answer, soonest first. */
function Owed({ visit, owed }: { visit: Visit; owed: readonly Clock[] }) {
  const { t, language, viewer } = visit
  return (
    <Section title={t('directory.rota.hand-over.open')}>
      {owed.length === 0 && <Quiet>{t('directory.rota.hand-over.nothing-open')}</Quiet>}
      <ul>
        {owed.map((clock) => (
          <li key={clock.id}>
            <a href={actHref(clock.space, clock.about)}>
              {t('clocks.duty', { regime: clock.regime.replaceAll('-', '_') })}
            </a>
            {' · '}
            {t('clocks.state.running', { due: formatDateTime(clock.dueAt, viewer.person.zone, language) })}
          </li>
        ))}
      </ul>
    </Section>
  )
}
