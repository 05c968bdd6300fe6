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
import type { ReadSheet } from '../duty-sheet.ts'
import type { HandOver } from '../hand-over.ts'
import type { Shift } from '../on-duty.ts'
import { DutySheetSections } from './duty-sheet-sections.tsx'

interface Given {
  visit: Visit<any>
  shift: Shift
  people: readonly { id: string; name: string }[]
  /** What is open now. */
  read: ReadSheet
  /** Who comes next by the rota. */
  next?: string
  id: string
  errors?: Record<string, string>
}

/** Who is on duty hands it on: to whom, what the other must know, what is open. */
export function HandOverPage({ visit, shift, people, read, next = '', id, errors = {} }: Given) {
  const { t, values = {} } = visit
  return (
    <Framed visit={visit} title={t('directory.rota.hand-over.title')} current="/directory" marking={read.marking}>
      <PageHead title={t('directory.rota.hand-over.title')} lead={t('directory.rota.hand-over.lead')} />
      <Form action="/directory/rota/hand-over">
        <Hidden name="id" value={id} />
        <Hidden name="shift" value={shift.id} />
        <Select
          name="to"
          label={t('directory.rota.hand-over.to')}
          value={String(values.to ?? next)}
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
      <Section title={t('directory.rota.sheet.title')} id="sheet">
        <Quiet>{t('directory.rota.sheet.goes-along')}</Quiet>
        <DutySheetSections visit={visit} read={read} />
      </Section>
    </Framed>
  )
}

/** Note, sheet, and the one button by which the duty goes over; kept, and made to be printed. */
export function TakeOverPage({ visit, handOver, read }: { visit: Visit; handOver: HandOver; read?: ReadSheet }) {
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
    <Framed visit={visit} title={title} current="/directory" marking={read?.marking}>
      <PageHead form={t('directory.rota.hand-over.form')} title={title} lead={lead} />
      <Paper>
        <NoteLines note={handOver.note} />
      </Paper>
      <Row>
        {isOffered && handOver.to_person === viewer.person.id && (
          <ButtonForm
            action={`/directory/rota/hand-overs/${handOver.id}/take`}
            label={t('directory.rota.hand-over.take')}
          />
        )}
        <LinkButton plain href="/directory/rota" label={t('directory.rota.see')} />
      </Row>
      {read && <DutySheetSections visit={visit} read={read} />}
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
