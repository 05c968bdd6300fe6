import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDate, formatList, languageName } from '../../../text/index.ts'
import { Pairs } from '../../../web/index.ts'
import type { CalendarDay, ContactKind, ContactText } from '../acts.ts'
import type { WeekSpan } from '../office-hours.ts'
import { hoursInWords } from '../hours-in-words.ts'

interface ProfileBody {
  designation: Record<string, string>
  zone: string
  languages: string[]
}

interface ContactBody {
  contact: string
  kind: ContactKind
  zone: string
  languages: string[]
  hours: 'always' | 'office' | 'stated'
  week?: WeekSpan[]
  valid?: { from?: string; until?: string }
}

const named = (languages: string[], language: string) =>
  formatList(
    languages.map((one) => languageName(one)),
    language,
  )

export const profileFace: ActFace<ProfileBody> = {
  type: 'directory.profile-published',
  form: (t) => t('directory.profile.form'),
  headline: ({ shown, language, t }) =>
    shown.content?.body?.designation[language] ??
    Object.values(shown.content?.body?.designation ?? {})[0] ??
    t('directory.profile.form'),
  Document: ({ shown, t, language }: FaceProps<ProfileBody>) =>
    shown.content?.body ? (
      <Pairs
        items={[
          { term: t('directory.zone'), detail: shown.content.body.zone },
          { term: t('directory.languages'), detail: named(shown.content.body.languages, language) },
        ]}
      />
    ) : null,
}

export const contactFace: ActFace<ContactBody, ContactText> = {
  type: 'directory.contact-nominated',
  form: (t, body) => t(body ? `directory.kind.${body.kind}` : 'directory.contact.form'),
  headline: ({ shown, t }) => shown.content?.text?.post ?? t('directory.contact.form'),
  Document({ shown, t, language }: FaceProps<ContactBody, ContactText>) {
    const { body, text } = shown.content ?? {}
    if (!body || !text) return null
    const line = (name: string, detail: string | undefined, dir: 'auto' | 'ltr' = 'auto') =>
      detail !== undefined &&
      detail !== '' && { term: t(`directory.contact.${name}`), detail: <bdi dir={dir}>{detail}</bdi> }
    return (
      <Pairs
        items={[
          line('institution', text.institution),
          line('name', text.name && [text.style, text.name].filter(Boolean).join(' ')),
          line('telephone', text.telephone, 'ltr'),
          line('emergency', text.emergency, 'ltr'),
          line('email', text.email, 'ltr'),
          line('key', text.key, 'ltr'),
          { term: t('directory.zone'), detail: body.zone },
          { term: t('directory.hours'), detail: hoursInWords(body, language, t) },
          { term: t('directory.languages'), detail: named(body.languages, language) },
          line('instrument', text.instrument),
          line('valid_from', body.valid?.from && formatDay(body.valid.from, language)),
          line('valid_until', body.valid?.until && formatDay(body.valid.until, language)),
        ]}
      />
    )
  },
}

export const contactRemovedFace: ActFace = {
  type: 'directory.contact-removed',
  form: (t) => t('directory.contact.removed-form'),
  headline: ({ t }) => t('directory.contact.removed'),
  Document: () => null,
}

export const contactConfirmedFace: ActFace = {
  type: 'directory.contact-confirmed',
  form: (t) => t('directory.confirm.form'),
  headline: ({ t }) => t('directory.confirm.headline'),
  Document: () => null,
}

export const calendarFace: ActFace<{ days: CalendarDay[] }> = {
  type: 'directory.calendar-published',
  form: (t) => t('directory.calendar.form'),
  headline: ({ shown, t }) => t('directory.calendar.headline', { count: shown.content?.body?.days.length ?? 0 }),
  Document: ({ shown, t, language }: FaceProps<{ days: CalendarDay[] }>) =>
    shown.content?.body ? (
      <Pairs
        items={shown.content.body.days.map((day) => ({
          term: formatDay(day.date, language),
          detail: (
            <>
              <bdi>{day.name}</bdi>,{' '}
              {'from' in day ? <bdi dir="ltr">{`${day.from}–${day.until}`}</bdi> : t('directory.calendar.closed')}
            </>
          ),
        }))}
      />
    ) : null,
}

/** A date without a time, as people of that language write it. */
const formatDay = (date: string, language: string) => formatDate(Date.parse(date), 'UTC', language)
