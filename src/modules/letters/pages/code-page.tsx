import type { Visit } from '../../../core/module/types.ts'
import { LinkButton, PageHead, Quiet } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

/** The code of a guest, shown once to the officer who tells it by telephone. */
export function CodePage({
  visit,
  act,
  official,
  code,
}: {
  visit: Visit<unknown>
  act: string
  official: string
  code: string
}) {
  const { t } = visit
  const title = t('letters.code.title')
  return (
    <Framed visit={visit as Visit} title={title} current="/letters">
      <PageHead title={title} lead={t('letters.code.lead', { official })} />
      <p class="reg fingerprint" dir="ltr">
        {code.slice(0, 4)} {code.slice(4)}
      </p>
      <Quiet>{t('letters.code.once')}</Quiet>
      <LinkButton href={`/letters/${act}`} label={t('letters.code.back')} />
    </Framed>
  )
}
