/** Where time comes from; ms since epoch UTC. Tests and simulations inject their own. */
export interface ClockSource {
  now(): number
}

export interface Logger {
  info(event: string, facts?: Record<string, unknown>): void
  warn(event: string, facts?: Record<string, unknown>): void
  error(event: string, facts?: Record<string, unknown>): void
}

/** What an operator decides before the node starts (environment, flags, `node.json` in the data folder). */
export interface Settings {
  dataDir: string
  /** Port and address to listen on. */
  port: number
  host: string
  /** Name of this process among several on one data folder: its own guard file. Default `node`. */
  instance?: string
  /** Where browsers reach the node, e.g. `http://aurelia.localhost:7101`. */
  publicUrl: string
  /** Where peers reach the node, e.g. `http://127.0.0.1:7101`. */
  peerUrl: string
  /** What opens protected keys: a key file, a file or an open file descriptor whose first line is the passphrase. */
  keyFile?: string
  passphraseFile?: string
  passphraseFd?: number
  /** A given PostgreSQL instead of the embedded one. */
  databaseUrl?: string
  /** Authority that time-stamps dossiers when they are exported (RFC 3161 over HTTP); it sees their hash. */
  timeStampUrl?: string
  /** `smtp://user:pass@host:port`; without it mail goes to `mail/` in the data folder. */
  smtpUrl?: string
  mailFrom?: string
  /** How long released acts can be stopped before they are signed. */
  holdMs: number
  /** How long an operation waits for the receipt before it answers "signed, not yet on the record". */
  submitWaitMs: number
  maxUploadBytes: number
  /** Largest mail that the servers of others take; letters with their files stay below it. */
  maxMailBytes: number
  /** STUN and TURN servers that browsers in rooms of talks may ask; none unless given. */
  iceServers?: { urls: string[]; username?: string; credential?: string }[]
  /** Witnesses from outside to whom checkpoints of spaces hosted here are brought. */
  witnesses?: { key: string; url: string; for?: 'named' | 'all' }[]
  /** Verifier keys of logs of others that this node witnesses; their names are the origins. */
  witnessFor?: string[]
}
