import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatList } from '../../../text/index.ts'
import { Table } from '../../../web/index.ts'
import { breakWords, jointState } from './faces.tsx'
import { type Joint, signatories } from './read-joint.ts'

/** Joint texts of the spaces of an incident: who says them, until when nobody gives them out, and whether somebody did. */
export function JointList({ visit, joint }: { visit: Visit; joint: readonly Joint[] }) {
  const { t, services, language, viewer } = visit
  if (joint.length === 0) return null
  const names = (parties: readonly string[]) =>
    parties.length === 0
      ? '–'
      : formatList(
          parties.map((one) => services.nameOf(one, language)),
          language,
        )
  return (
    <Table
      caption={t('attributions.joint.caption')}
      head={[
        t('attributions.joint.title'),
        t('attributions.joint.signatories'),
        t('attributions.between.state'),
        t('attributions.joint.embargo'),
      ]}
      rows={joint.map((one) => [
        <a href={actHref(one.row.space, one.row.hash)}>
          <bdi>{one.text?.title[language] ?? one.text?.title[one.row.authentic] ?? t('attributions.joint.form')}</bdi>
        </a>,
        <bdi>{names(signatories(one))}</bdi>,
        [t(`attributions.joint.state.${jointState(one, one.now)}`), ...breakWords(one, visit)].join(' · '),
        one.row.embargo === null ? '–' : formatDateTime(one.row.embargo, viewer.person.zone, language),
      ])}
    />
  )
}
