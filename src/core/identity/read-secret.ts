import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigTrouble } from '../config/index.ts'
import type { Settings } from '../config/types.ts'
import type { Secret } from './protection.ts'

export const longestSecretBytes = 4096
const shortestKeyFileBytes = 32
/** Names under which systemd hands credentials over (`LoadCredential=`). */
const credentials = { passphrase: 'chancery-passphrase', keyFile: 'chancery-key' } as const

type Given = Pick<Settings, 'keyFile' | 'passphraseFile' | 'passphraseFd'>

/**
 * What opens the keys, as the operator gave it: a key file, a file or a file
 * descriptor with the passphrase, else a systemd credential. Never an argument
 * and never the text of an environment variable: both are seen by others.
 */
export function readSecret(given: Given, env: NodeJS.ProcessEnv = process.env): Secret | undefined {
  if (given.keyFile !== undefined) return keyFileSecret(given.keyFile)
  if (given.passphraseFd !== undefined) return passphraseSecret(given.passphraseFd, `descriptor ${given.passphraseFd}`)
  if (given.passphraseFile !== undefined) return passphraseSecret(given.passphraseFile, given.passphraseFile)
  return credentialSecret(env.CREDENTIALS_DIRECTORY)
}

/** A passphrase as somebody typed it: the same text is the same secret however its accents were encoded. */
export function passphrase(text: string): Secret {
  return { kind: 'passphrase', bytes: Buffer.from(text.normalize('NFC'), 'utf8') }
}

/** @throws ConfigTrouble when the file cannot be read or is too short to be a key. */
export function keyFileSecret(path: string): Secret {
  const bytes = read(path, path)
  if (bytes.length < shortestKeyFileBytes) {
    throw new ConfigTrouble('bad-setting', `${path} is shorter than ${shortestKeyFileBytes} bytes: no key file.`)
  }
  return { kind: 'key-file', bytes }
}

/** The first line of a file or descriptor. @throws ConfigTrouble when there is none. */
export function passphraseSecret(from: string | number, name: string): Secret {
  const [line] = read(from, name).toString('utf8').split(/\r?\n/, 1)
  if (!line) throw new ConfigTrouble('bad-setting', `There is no passphrase in ${name}.`)
  return passphrase(line)
}

function credentialSecret(folder: string | undefined): Secret | undefined {
  if (!folder) return undefined
  const word = join(folder, credentials.passphrase)
  if (exists(word)) return passphraseSecret(word, `the credential ${credentials.passphrase}`)
  const file = join(folder, credentials.keyFile)
  return exists(file) ? keyFileSecret(file) : undefined
}

function read(from: string | number, name: string): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(from)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigTrouble('bad-setting', `${name} cannot be read (${code}).`)
  }
  if (bytes.length > longestSecretBytes) {
    throw new ConfigTrouble('bad-setting', `${name} holds more than ${longestSecretBytes} bytes.`)
  }
  return bytes
}

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
