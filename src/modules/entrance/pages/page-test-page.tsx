import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime } from '../../../text/index.ts'
import { ButtonForm, PageHead } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { PageTest } from '../set-up/page-test.ts'

/** What a test page opens: one button, no sign-in, since it tests the way there. */
export function PageTestPage({ visit, test }: { visit: Visit; test: PageTest }) {
  const { t, language } = visit
  const isDone = test.acknowledgedAt !== undefined
  return (
    <Framed visit={visit} title={t('entrance.page-test.title')}>
      <PageHead
        title={t(isDone ? 'entrance.page-test.thanks' : 'entrance.page-test.heading')}
        lead={t('entrance.page-test.sent', { time: formatDateTime(test.sentAt, 'UTC', language) })}
      />
      {!isDone && <ButtonForm action={`/page-test/${test.id}`} label={t('entrance.page-test.acknowledge')} />}
    </Framed>
  )
}
