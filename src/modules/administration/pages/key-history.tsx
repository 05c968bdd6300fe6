import type { KeyEvent } from '../../../core/identity/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { revocationReasons } from '../../../core/keys/index.ts'
import { formatDateTime } from '../../../text/index.ts'
import { Quiet, Table } from '../../../web/index.ts'

/** What a register says of a party's keys, by position. */
export function KeyHistory({ visit, events }: { visit: Visit<any>; events: KeyEvent[] }) {
  const { t, language, viewer } = visit
  if (events.length === 0) return <Quiet>{t('administration.keys.no-events')}</Quiet>
  return (
    <Table
      caption={t('administration.keys.history-caption')}
      head={[t('administration.keys.position'), t('administration.keys.when'), t('administration.keys.what')]}
      rows={events.map(({ index, time, kind, reason, ended, began }) => [
        index,
        formatDateTime(time, viewer.person.zone, language),
        <>
          {t(`administration.keys.kind.${kind}`)}
          {reason !== undefined && ` (${reasonWords(visit, reason)})`}
          <br />
          <span class="reg" dir="ltr">
            {ended ?? began}
          </span>
        </>,
      ])}
    />
  )
}

/** Reasons come from other parties too: an unknown code is shown as it is. */
function reasonWords({ t }: Visit<any>, reason: string): string {
  const known = revocationReasons.find((one) => one === reason)
  return known ? t(`administration.keys.reason.${known}`) : reason
}
