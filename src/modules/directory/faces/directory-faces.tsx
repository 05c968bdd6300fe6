import type { ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatList, languageName } from '../../../text/index.ts'
import { Pairs } from '../../../web/index.ts'
import type { ContactKind, ContactText } from '../acts.ts'

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
  hours: 'always' | 'office'
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
    return (
      <Pairs
        items={[
          text.name !== undefined && { term: t('directory.contact.name'), detail: text.name },
          text.telephone !== undefined && {
            term: t('directory.contact.telephone'),
            detail: <bdi dir="ltr">{text.telephone}</bdi>,
          },
          text.emergency !== undefined && {
            term: t('directory.contact.emergency'),
            detail: <bdi dir="ltr">{text.emergency}</bdi>,
          },
          text.email !== undefined && {
            term: t('directory.contact.email'),
            detail: <bdi dir="ltr">{text.email}</bdi>,
          },
          { term: t('directory.zone'), detail: body.zone },
          { term: t('directory.hours'), detail: t(`directory.hours-${body.hours}`) },
          { term: t('directory.languages'), detail: named(body.languages, language) },
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
