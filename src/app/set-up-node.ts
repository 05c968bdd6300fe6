import type { ClockSource, Logger, Settings } from '../core/config/types.ts'
import { createHttp, createLive, type Http } from '../core/http/index.ts'
import type { Services } from '../core/module/types.ts'
import type { Database } from '../core/storage/index.ts'
import { type BackupDoor, maySetUp, openSetUp, setUpRoutes } from '../modules/entrance/index.ts'
import { frame, nameWrongFields, TroublePage } from '../modules/frame/index.ts'
import { assetsFolder } from '../web/index.ts'

export interface SetUpOptions {
  settings: Settings
  clock: ClockSource
  log: Logger
  database: Database
  backups: BackupDoor
  /** Called once keys exist and their sheets were read back. */
  onFounded(): Promise<void>
}

/** A node without a party: it serves set-up and nothing else. */
export function createSetUpNode(options: SetUpOptions): Http {
  const { settings, clock, log, database, backups, onFounded } = options
  const services = {
    party: '',
    partyName: {},
    settings,
    clock,
    log,
    db: database.db,
    live: createLive(),
    modules: [frame],
    nameOf: (party: string) => party || new URL(settings.publicUrl).hostname,
  } as unknown as Services
  return createHttp({
    services,
    routes: [...(frame.routes?.(services) ?? []), ...setUpRoutes({ services, backups, onFounded })],
    viewerOf: async () => undefined,
    troublePage: (visit, trouble) => TroublePage({ visit, trouble }),
    nameWrongFields,
    mayListen: () => false,
    maySetUp: (request) => maySetUp(services, request),
    entrance: () => '/set-up',
    assetsFolder: assetsFolder(),
  })
}

/** A fresh single-use link for the person at the machine; undefined once set-up is closed. */
export function setUpLink({ settings, clock, log, database }: Omit<SetUpOptions, 'backups' | 'onFounded'>) {
  return openSetUp({ settings, clock, log, db: database.db })
}
