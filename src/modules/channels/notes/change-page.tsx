import { actHref } from '../../../core/module/act-href.ts'
import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { LinkButton, PageHead, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { NoteRow } from '../queries.ts'

/** What its sender can still do about a note: correct words, put another in its place, withdraw it. */
export function ChangePage({ visit, space, note }: { visit: Visit; space: SpaceFacts; note: NoteRow }) {
  const { t, language, services } = visit
  const to = services.nameOf(note.addressee, language)
  const title = t('channels.change.title', { number: note.number, party: to })
  const write = `/spaces/${space.id}/write`
  const ways = [
    { name: 'correct', href: `${write}/channels.note-corrected?note=${note.hash}` },
    { name: 'replace', href: `${write}/channels.note-sent?supersedes=${note.hash}` },
    { name: 'withdraw', href: `${write}/channels.note-withdrawn?note=${note.hash}` },
  ]
  return (
    <Framed visit={visit} title={title} current="/spaces" drill={space.drill}>
      <PageHead form={t(`channels.form.${note.form}`)} title={title} lead={t('channels.change.lead')} />
      {ways.map(({ name, href }) => (
        <Section key={name} title={t(`channels.change.${name}`)}>
          <p>{t(`channels.change.${name}-means`)}</p>
          <Row>
            <LinkButton plain href={href} label={t(`channels.change.do-${name}`)} />
          </Row>
        </Section>
      ))}
      <p>
        <a href={actHref(space.id, note.hash)}>{t('channels.change.back')}</a>
      </p>
    </Framed>
  )
}
