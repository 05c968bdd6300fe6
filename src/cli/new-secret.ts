import { keyFileSecret, passphraseSecret, type Secret } from '../core/identity/index.ts'
import { type Call, Misuse } from './command.ts'
import { shortestPassphrase } from './question.ts'

/** Options of commands that put the keys under a new secret. */
export const newSecretOptions = {
  'new-key-file': { type: 'string', help: 'protect the keys by a key file of at least 32 bytes' },
  'new-passphrase-file': { type: 'string', help: 'protect the keys by the passphrase on the first line of a file' },
  'new-passphrase-fd': { type: 'string', help: 'protect the keys by a passphrase from an open file descriptor' },
} as const

/** The new secret that the options name; undefined where they name none. @throws Misuse for a short passphrase */
export function givenSecret({ options }: Call): Secret | undefined {
  const { 'new-key-file': keyFile, 'new-passphrase-file': file, 'new-passphrase-fd': fd } = options
  if (typeof keyFile === 'string') return keyFileSecret(keyFile)
  if (typeof file === 'string') return longEnough(passphraseSecret(file, file))
  if (typeof fd !== 'string') return undefined
  if (!/^\d{1,4}$/.test(fd)) throw new Misuse('--new-passphrase-fd takes the number of an open file descriptor.')
  return longEnough(passphraseSecret(Number(fd), `descriptor ${fd}`))
}

function longEnough(secret: Secret): Secret {
  const { length } = Buffer.from(secret.bytes).toString('utf8')
  if (length < shortestPassphrase) throw new Misuse(`A passphrase has at least ${shortestPassphrase} characters.`)
  return secret
}
