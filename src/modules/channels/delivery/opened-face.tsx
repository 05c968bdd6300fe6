import type { ActFace } from '../../../core/module/types.ts'

export const openedFace: ActFace<{ note: string }> = {
  type: 'channels.note-opened',
  form: (t) => t('delivery.opened.form'),
  headline: ({ t }) => t('delivery.opened.headline'),
  Document: ({ shown, services, t, language }) => (
    <p>{t('delivery.opened.sentence', { party: services.signedNameOf(shown.act.statement.author, language) })}</p>
  ),
}
