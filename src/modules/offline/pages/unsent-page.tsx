import type { Visit } from '../../../core/module/types.ts'
import { LinkButton, PageHead, Quiet, Row } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'

/** What was filled in and met no line: shown by the browser out of its own keeping, sent one by one by its person. */
export function UnsentPage({ visit }: { visit: Visit }) {
  const { t } = visit
  const title = t('offline.unsent.title')
  return (
    <Framed visit={visit} title={title}>
      <PageHead title={title} lead={t('offline.unsent.lead')} />
      <p>{t('offline.unsent.counts')}</p>
      <p class="error" role="alert" data-unsent-trouble hidden />
      <div
        data-unsent-list
        data-draft={t('offline.unsent.draft')}
        data-acknowledgement={t('offline.unsent.acknowledgement')}
        data-none={t('offline.unsent.none')}
        data-no-line={t('offline.unsent.no-line')}
        data-signed-out={t('offline.unsent.signed-out')}
        data-files={t('offline.unsent.files')}
        data-typed={t('offline.unsent.typed', { time: '\u0001' })}
        data-send={t('offline.unsent.send')}
        data-drop={t('offline.unsent.drop')}
      />
      <noscript>
        <Quiet>{t('offline.needs-script')}</Quiet>
      </noscript>
    </Framed>
  )
}

/** Instead of any page that this device does not have. */
export function NotHerePage({ visit }: { visit: Visit }) {
  const { t } = visit
  const title = t('offline.not-here.title')
  return (
    <Framed visit={visit} title={title}>
      <PageHead title={title} lead={t('offline.not-here.lead')} />
      <p>{t('offline.not-here.what-is')}</p>
      <Row>
        <LinkButton plain href="/" label={t('today.navigation')} />
        <LinkButton plain href="/directory/now" label={t('directory.now.title')} />
        <LinkButton plain href="/directory/print" label={t('directory.print.title')} />
        <LinkButton plain href="/offline/unsent" label={t('offline.unsent.title')} />
      </Row>
    </Framed>
  )
}
