import type { Migration } from '../storage/types.ts'
import { offlineTable } from './migrations/0001-offline.ts'
import './tables.ts'

export {
  deviceCookie,
  deviceNamedIn,
  findDevice,
  listOfflineDevices,
  type OfflineDevice,
  switchOff,
  switchOn,
} from './devices.ts'
export { forgetHeader } from './forgetting.ts'
export { keepingViewer } from './keeping.ts'
export { mayLieOnDevice, readOfflineRule, setOfflineRule } from './rule.ts'

export const migrations: readonly Migration[] = [offlineTable]
