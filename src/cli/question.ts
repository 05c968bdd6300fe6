import { passphrase, type Secret } from '../core/identity/index.ts'
import { Misuse } from './command.ts'

/** Shorter ones are found by trying; the same number stands on the page. */
export const shortestPassphrase = 12

/** A new passphrase typed twice at the terminal, not shown. @throws Misuse without a terminal */
export async function questionedPassphrase(): Promise<Secret> {
  if (!process.stdin.isTTY)
    throw new Misuse('Give the new passphrase: --new-passphrase-file, --new-passphrase-fd or --new-key-file.')
  const first = await hiddenLine('New passphrase: ')
  if (first.length < shortestPassphrase) throw new Misuse(`A passphrase has at least ${shortestPassphrase} characters.`)
  if ((await hiddenLine('The same again: ')) !== first) throw new Misuse('The two differ. Nothing was changed.')
  return passphrase(first)
}

/** The passphrase of the keys, asked for at the terminal; undefined where there is none to ask at. */
export async function askedSecret(protection: Secret['kind']): Promise<Secret | undefined> {
  if (protection !== 'passphrase' || !process.stdin.isTTY) return undefined
  return passphrase(await hiddenLine('Passphrase of the keys: '))
}

function hiddenLine(question: string): Promise<string> {
  const { stdin } = process
  // Before the question: whoever types ahead of it must not be shown either.
  stdin.setRawMode(true).setEncoding('utf8').resume()
  process.stderr.write(question)
  return new Promise((resolve, reject) => {
    let text = ''
    function end(settle: () => void): void {
      stdin.setRawMode(false).pause().off('data', take)
      process.stderr.write('\n')
      settle()
    }
    function take(chunk: string): void {
      for (const character of chunk) {
        if (character === '\r' || character === '\n') {
          end(() => resolve(text))
          return
        }
        if (character === '\u0003') {
          end(() => reject(new Misuse('Nothing was changed.')))
          return
        }
        text = character === '\u007f' ? text.slice(0, -1) : text + character
      }
    }
    stdin.on('data', take)
  })
}
