import type { ActFace } from '../../../core/module/types.ts'

/** "Received and in hand; accepts no fact and no claim." */
export const acknowledgementFace: ActFace<{ note: string }> = {
  type: 'channels.note-acknowledged',
  form: (t) => t('channels.acknowledgement.form'),
  headline: ({ t }) => t('channels.acknowledgement.headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('channels.acknowledgement.sentence', { party: services.nameOf(shown.act.statement.author, language) })}</p>
  ),
}
