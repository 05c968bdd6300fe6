import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { parseNoteKey } from '../../protocol/index.ts'
import { findFreePort, requirePort } from './ports.ts'
import { ConfigTrouble } from './trouble.ts'
import type { Settings } from './types.ts'

/** One setting: `--flag`, its environment variable, and a line for `--help`. */
export interface SettingOption {
  name: keyof Settings
  flag: string
  env: string
  help: string
}

export const settingOptions: readonly SettingOption[] = [
  { name: 'dataDir', flag: 'data-dir', env: 'CHANCERY_DATA_DIR', help: 'folder of the node (default data/node)' },
  {
    name: 'port',
    flag: 'port',
    env: 'CHANCERY_PORT',
    help: 'port to listen on (default: the first free from 7100 on)',
  },
  {
    name: 'instance',
    flag: 'instance',
    env: 'CHANCERY_INSTANCE',
    help: 'name of this process where several serve one data folder (default node)',
  },
  { name: 'host', flag: 'host', env: 'CHANCERY_HOST', help: 'address to listen on (default 127.0.0.1)' },
  { name: 'publicUrl', flag: 'public-url', env: 'CHANCERY_PUBLIC_URL', help: 'where browsers reach the node' },
  {
    name: 'peerUrl',
    flag: 'peer-url',
    env: 'CHANCERY_PEER_URL',
    help: 'where peers reach the node (default: public URL)',
  },
  { name: 'keyFile', flag: 'key-file', env: 'CHANCERY_KEY_FILE', help: 'key file that opens the keys of the node' },
  {
    name: 'passphraseFile',
    flag: 'passphrase-file',
    env: 'CHANCERY_PASSPHRASE_FILE',
    help: 'file whose first line is the passphrase of the keys',
  },
  {
    name: 'passphraseFd',
    flag: 'passphrase-fd',
    env: 'CHANCERY_PASSPHRASE_FD',
    help: 'open file descriptor with the passphrase of the keys',
  },
  { name: 'databaseUrl', flag: 'database-url', env: 'DATABASE_URL', help: 'a PostgreSQL of your own' },
  {
    name: 'smtpUrl',
    flag: 'smtp-url',
    env: 'CHANCERY_SMTP_URL',
    help: 'smtp://user:password@host:port; without it mail is kept in mail/',
  },
  { name: 'mailFrom', flag: 'mail-from', env: 'CHANCERY_MAIL_FROM', help: 'sender of mail' },
  {
    name: 'timeStampUrl',
    flag: 'time-stamp-url',
    env: 'CHANCERY_TIME_STAMP_URL',
    help: 'authority that time-stamps exported dossiers (RFC 3161)',
  },
  {
    name: 'holdMs',
    flag: 'hold-ms',
    env: 'CHANCERY_HOLD_MS',
    help: 'how long a released act can be stopped (default 60000)',
  },
  {
    name: 'submitWaitMs',
    flag: 'submit-wait-ms',
    env: 'CHANCERY_SUBMIT_WAIT_MS',
    help: 'how long to wait for a receipt (default 2000)',
  },
  {
    name: 'maxUploadBytes',
    flag: 'max-upload-bytes',
    env: 'CHANCERY_MAX_UPLOAD_BYTES',
    help: 'largest upload (default 104857600)',
  },
  {
    name: 'maxMailBytes',
    flag: 'max-mail-bytes',
    env: 'CHANCERY_MAX_MAIL_BYTES',
    help: 'largest mail with the files of a letter (default 20971520)',
  },
  {
    name: 'iceServers',
    flag: 'ice-servers',
    env: 'CHANCERY_ICE_SERVERS',
    help: 'STUN and TURN servers for rooms of talks as JSON: [{"urls": ["turn:…"], "username": "…", "credential": "…"}]; none by default',
  },
  {
    name: 'witnesses',
    flag: 'witnesses',
    env: 'CHANCERY_WITNESSES',
    help: 'witnesses from outside as JSON: [{"key": "<verifier key>", "url": "https://…", "for": "named" or "all"}]',
  },
  {
    name: 'witnessFor',
    flag: 'witness-for',
    env: 'CHANCERY_WITNESS_FOR',
    help: 'verifier keys of logs of others to be witnessed, as a JSON list',
  },
]

export interface SettingsSource {
  /** From the command line, by setting name; strongest. */
  flags?: Partial<Record<keyof Settings, string>>
  /** Default: the process's environment. */
  env?: NodeJS.ProcessEnv
  /** Where the search for a free port begins; default 7100. */
  firstPort?: number
  /** False for commands that do not listen: no port is searched, checked or kept. Default true. */
  listens?: boolean
}

const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .transform((url) => url.replace(/\/+$/, ''))

/** A list as `node.json` holds it, or as text in the environment. */
function fromJson<S extends z.ZodType>(schema: S) {
  return z.preprocess((value, issues) => {
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      issues.addIssue({ code: 'custom', message: 'not a JSON list' })
      return z.NEVER
    }
  }, schema)
}

/** C2SP verifier key text of a log (`ed25519`) or of a witness (`cosignature`). */
function verifierKey(type: 'ed25519' | 'cosignature') {
  return z
    .string()
    .max(1000)
    .refine(
      (text) => {
        try {
          return parseNoteKey(text).type === type
        } catch {
          return false
        }
      },
      `not a verifier key of a ${type === 'ed25519' ? 'log' : 'witness'}, as C2SP tools print it`,
    )
}

/** A server that tells a browser its address (STUN) or passes sound on (TURN, RFC 7065), with what it asks for. */
const iceServer = z
  .strictObject({
    urls: z
      .array(
        z
          .string()
          .max(300)
          .regex(
            /^(stuns?:[\w.-]+(:\d{1,5})?|turns?:[\w.-]+(:\d{1,5})?(\?transport=(udp|tcp))?)$/,
            'not an address of a STUN or TURN server, as in turn:turn.example.org:3478',
          ),
      )
      .min(1)
      .max(4),
    username: z.string().min(1).max(500).optional(),
    credential: z.string().min(1).max(500).optional(),
  })
  .refine(
    ({ urls, username, credential }) => !urls.some((url) => url.startsWith('turn')) || (username && credential),
    'a TURN server needs username and credential',
  )

const given = z.strictObject({
  dataDir: z.string().min(1).max(1000).optional(),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  instance: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'lower-case letters, digits, dots and dashes')
    .optional(),
  host: z.string().min(1).max(255).optional(),
  publicUrl: httpUrl.optional(),
  peerUrl: httpUrl.optional(),
  keyFile: z.string().min(1).max(1000).optional(),
  passphraseFile: z.string().min(1).max(1000).optional(),
  passphraseFd: z.coerce.number().int().min(0).max(1000).optional(),
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/ })
    .max(2000)
    .optional(),
  smtpUrl: z
    .url({ protocol: /^smtps?$/ })
    .max(2000)
    .optional(),
  timeStampUrl: httpUrl.optional(),
  mailFrom: z.string().min(3).max(320).optional(),
  holdMs: z.coerce.number().int().min(0).max(86_400_000).optional(),
  submitWaitMs: z.coerce.number().int().min(0).max(60_000).optional(),
  maxUploadBytes: z.coerce
    .number()
    .int()
    .min(1024)
    .max(1024 * 1024 * 1024)
    .optional(),
  maxMailBytes: z.coerce
    .number()
    .int()
    .min(1024)
    .max(200 * 1024 * 1024)
    .optional(),
  iceServers: fromJson(z.array(iceServer).max(4)).optional(),
  witnesses: fromJson(
    z
      .array(
        z.strictObject({ key: verifierKey('cosignature'), url: httpUrl, for: z.enum(['named', 'all']).optional() }),
      )
      .max(64),
  ).optional(),
  witnessFor: fromJson(z.array(verifierKey('ed25519')).max(10_000)).optional(),
})

type Given = z.infer<typeof given>

const settingsFile = 'node.json'
const folderFormat = 1

/**
 * What the operator decided: flags, then the environment, then `node.json` of the data folder, then defaults.
 * A port found free is kept in `node.json`, because peers and bookmarks know it from then on.
 *
 * @throws {@link ConfigTrouble} with a sentence naming the setting or the port.
 */
export async function loadSettings(source: SettingsSource = {}): Promise<Settings> {
  const outer = { ...readEnvironment(source.env ?? process.env), ...readFlags(source.flags ?? {}) }
  const dataDir = resolve(outer.dataDir ?? 'data/node')
  const kept = readFolder(dataDir)
  const merged = { ...kept, ...outer }
  const host = merged.host ?? '127.0.0.1'
  const port =
    source.listens === false ? (merged.port ?? source.firstPort ?? 7100) : await choosePort(merged.port, host, source)
  if (source.listens !== false && port !== merged.port) keepSettings(dataDir, { port })
  const { dataDir: _, ...rest } = merged
  return {
    holdMs: 60_000,
    submitWaitMs: 2_000,
    maxUploadBytes: 100 * 1024 * 1024,
    maxMailBytes: 20 * 1024 * 1024,
    ...rest,
    dataDir,
    host,
    port,
    publicUrl: merged.publicUrl ?? `http://localhost:${port}`,
    peerUrl: merged.peerUrl ?? merged.publicUrl ?? `http://127.0.0.1:${port}`,
  }
}

/** Writes settings to `node.json` of the data folder; the others there stay. */
export function keepSettings(dataDir: string, settings: Partial<Omit<Settings, 'dataDir'>>): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, settingsFile)
  const draft = `${file}.${process.pid}`
  const content = { format: folderFormat, ...readFolder(dataDir), ...settings }
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(draft, file)
}

async function choosePort(wanted: number | undefined, host: string, source: SettingsSource): Promise<number> {
  if (wanted === undefined) return findFreePort(source.firstPort ?? 7100, host)
  await requirePort(wanted, host)
  return wanted
}

function readEnvironment(env: NodeJS.ProcessEnv): Given {
  const found: Record<string, string> = {}
  for (const { name, env: variable } of settingOptions) {
    const value = env[variable]
    if (value !== undefined && value !== '') found[name] = value
  }
  return check(found, (name) => settingOptions.find((option) => option.name === name)?.env ?? name)
}

function readFlags(flags: NonNullable<SettingsSource['flags']>): Given {
  const set = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  return check(set, (name) => `--${settingOptions.find((option) => option.name === name)?.flag ?? name}`)
}

function readFolder(dataDir: string): Given {
  const file = join(dataDir, settingsFile)
  if (!existsSync(file)) return {}
  const { format, ...settings } = parseFile(file)
  if (format !== folderFormat) {
    throw new ConfigTrouble(
      'other-version',
      `${dataDir} was made by another version of Chancery (format ${String(format)}, this version reads ${folderFormat}): ` +
        'start the version that made it, or choose another folder with --data-dir.',
    )
  }
  return check(settings, (name) => `"${name}" in ${file}`)
}

function parseFile(file: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content }
  } catch (cause) {
    throw new ConfigTrouble('bad-setting', `${file} cannot be read as JSON: correct or remove it.`, { cause })
  }
  throw new ConfigTrouble('bad-setting', `${file} must hold one JSON object: correct or remove it.`)
}

function check(settings: Record<string, unknown>, nameOf: (setting: string) => string): Given {
  const result = given.safeParse(settings)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    throw new ConfigTrouble('bad-setting', `Chancery has no setting ${nameOf(issue.keys[0] ?? '')}.`)
  }
  // Never the value itself: it may hold a password.
  throw new ConfigTrouble('bad-setting', `${nameOf(String(issue?.path[0] ?? ''))} is not usable: ${issue?.message}.`)
}
