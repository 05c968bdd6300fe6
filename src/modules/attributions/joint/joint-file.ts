import { markingText } from '../../../core/markings/index.ts'
import type { Services, SpaceFacts } from '../../../core/module/types.ts'
import { type Block, makeSheet } from '../../../core/sheets/index.ts'
import { createTranslator, formatDateTime, languageName } from '../../../text/index.ts'
import type { FoundJoint } from './find-joint.ts'

interface Given {
  found: FoundJoint
  space: SpaceFacts
  language: string
}

function headOf(services: Services, { found: { state }, space, language }: Given): string[] {
  const t = createTranslator(language)
  const { row } = state
  return [
    ...(space.drill ? [t('attributions.file.drill')] : []),
    t('attributions.joint.file-authentic', { language: languageName(row.authentic) }),
    ...state.signatures
      .filter((one) => one.withdrawn_by === null)
      .map((one) =>
        t('attributions.joint.file-signed', {
          party: services.signedNameOf(one.party, language),
          time: formatDateTime(one.signed_at, 'UTC', language),
        }),
      ),
    t('attributions.joint.file-hash', { hash: row.text_hash }),
    t('attributions.joint.file-act', { act: row.hash }),
  ]
}

/** The text in one language as plain text (UTF-8), with who signed it and its hash. */
export function jointPlain(services: Services, given: Given): string {
  const { text } = given.found
  const { language } = given
  return `${[
    markingText({ tlp: 'CLEAR' }),
    text.title[language] ?? '',
    ...(text.paragraphs[language] ?? []),
    ...headOf(services, given),
  ]
    .join('\n\n')
    .replaceAll('\r\n', '\n')
    .replaceAll('\n', '\r\n')}\r\n`
}

/** The same as a sheet, marked on each page. */
export function jointSheet(services: Services, given: Given): Promise<Uint8Array> {
  const { found, language, space } = given
  const t = createTranslator(language)
  const title = found.text.title[language] ?? ''
  return makeSheet({
    title,
    language,
    issuer: services.signedNameOf(services.party, language),
    at: found.now,
    banner: [markingText({ tlp: 'CLEAR' }), ...(space.drill ? [t('attributions.file.drill')] : [])],
    foot: found.state.row.text_hash,
    pageWords: (page, of) => t('letters.page', { page, of }),
    blocks: [
      { kind: 'heading', level: 1, text: title },
      ...(found.text.paragraphs[language] ?? []).map((one): Block => ({ kind: 'paragraph', text: one, auto: true })),
      { kind: 'rule' },
      ...headOf(services, given).map((line): Block => ({ kind: 'paragraph', text: line, size: 9.5 })),
    ],
  })
}
