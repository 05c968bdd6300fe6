import type { z } from 'zod'
import type { ActAction, ActFace, FaceProps } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import type * as acts from '../acts.ts'
import { PictureTable } from '../pages/picture-table.tsx'
import { isBack } from '../vocabulary.ts'

type Body = acts.SharedBody & Partial<acts.UpdatedBody>
type Props = FaceProps<Body, acts.PictureWords>

const counts = ({ services }: Pick<acts.SharedBody, 'services'>) => ({
  count: services.length,
  out: services.filter(({ state }) => state !== undefined && !isBack(state)).length,
})

const Words = ({ paragraphs }: { paragraphs: readonly string[] | undefined }) => (
  <>
    {paragraphs?.map((one, at) => (
      <p key={at} dir="auto">
        {one}
      </p>
    ))}
  </>
)

function Document({ shown, t, language, viewer }: Props) {
  const { body, text } = shown.content ?? {}
  if (!body) return null
  return (
    <>
      <p>{t('recovery.picture.as-of', { time: formatDateTime(body.asOf, viewer.person.zone, language) })}</p>
      <PictureTable
        reading={{ t, language, viewer }}
        caption={t('recovery.picture.caption')}
        services={body.services.map((one) => ({ ...one, name: text?.names[one.key] }))}
      />
      <Words paragraphs={text?.paragraphs} />
    </>
  )
}

function pictureFace(name: 'shared' | 'updated'): ActFace<Body, acts.PictureWords> {
  return {
    type: `recovery.picture-${name}`,
    form: (t) => t(`recovery.form.${name}`),
    headline: ({ shown, t }) =>
      shown.content?.body ? t('recovery.headline', counts(shown.content.body)) : t(`recovery.form.${name}`),
    Document,
    async load({ db, party }, shown) {
      const rows = await db
        .selectFrom('view.recovery_picture')
        .select(['picture', 'newest', 'space'])
        .where('author', '=', party)
        .where('ended_at', 'is', null)
        .where(
          'newest',
          'in',
          shown.map(({ act }) => act.hash),
        )
        .execute()
      return new Map(rows.map((row) => [row.newest, row]))
    },
    actions: async ({ facts, viewer, shown }): Promise<ActAction[]> => [
      { label: 'recovery.action.joined', method: 'GET', href: `/recovery/pictures/${shown.space.id}` },
      ...(facts && viewer.may('recovery.picture-updated:draft')
        ? keepUp(facts as { space: string; picture: string })
        : []),
    ],
  }
}

const keepUp = ({ space, picture }: { space: string; picture: string }): ActAction[] =>
  (['updated', 'ended'] as const).map((name) => ({
    label: `recovery.action.${name}`,
    method: 'GET',
    href: `/spaces/${space}/write/recovery.picture-${name}?picture=${picture}`,
    ...(name === 'updated' && { primary: true }),
  }))

const endedFace: ActFace<z.infer<typeof acts.endedBody>, z.infer<typeof acts.endedWords>> = {
  type: 'recovery.picture-ended',
  form: (t) => t('recovery.form.ended'),
  headline: ({ t }) => t('recovery.form.ended'),
  Document: ({ shown, t }) => (
    <>
      <p>{t('recovery.picture.ended')}</p>
      <Words paragraphs={shown.content?.text?.paragraphs} />
    </>
  ),
}

export const recoveryFaces: readonly ActFace[] = [pictureFace('shared'), pictureFace('updated'), endedFace]
