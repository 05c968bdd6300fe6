import { actHref } from '../../core/module/act-href.ts'
import type { ActFace } from '../../core/module/types.ts'
import { emergencyConfirmed, emergencyDeclared } from '../../core/release/index.ts'
import { emergencyDisowned } from './projection.ts'

function face(type: string, word: 'declared' | 'confirmed' | 'disowned'): ActFace<{ act: string }> {
  return {
    type,
    form: (t) => t(`clearance.form.${word}`),
    headline: ({ t }) => t(`clearance.headline.${word}`),
    Document: ({ shown, t }) => (
      <p>
        {t(`clearance.document.${word}`)}{' '}
        {shown.content?.body && <a href={actHref(shown.space.id, shown.content.body.act)}>{t('clearance.see')}</a>}
      </p>
    ),
  }
}

export const clearanceFaces = [
  face(emergencyDeclared, 'declared'),
  face(emergencyConfirmed, 'confirmed'),
  face(emergencyDisowned, 'disowned'),
]
