import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import type { BundleFault } from '../../exchange/index.ts'

/** "Object 12 (indicator--…), property pattern: it is missing." */
export function faultWords({ t, language }: Pick<Visit, 't' | 'language'>, fault: BundleFault): string {
  const place = [
    t('incidents.stix.object', { number: fault.object }),
    ...(fault.id ? [fault.id] : []),
    ...(fault.property ? [fault.property] : []),
  ]
  return t('incidents.stix.at', { place: formatList(place, language), fault: t(`incidents.stix.${fault.rule}`) })
}
