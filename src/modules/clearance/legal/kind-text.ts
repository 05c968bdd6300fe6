import type { Visit } from '../../../core/module/types.ts'
import { findDefinition, findFace } from '../../spaces/index.ts'
import { homeDocuments } from './rules.ts'

/** "Note verbale", or the whole of a type that has several: what a rule is about. */
export function kindText(
  { services, t }: Pick<Visit, 'services' | 't'>,
  { type, form }: { type: string; form?: string | null },
): string {
  const face = findFace(services, type)
  const atHome = homeDocuments(services)[type]
  if (atHome !== undefined) return t(atHome)
  if (!face) return type
  if (form) return face.form(t, { form })
  const hasForms = findDefinition(services, type)?.search?.forms !== undefined
  return hasForms ? t('legal.all-of', { kind: face.form(t) }) : face.form(t)
}
