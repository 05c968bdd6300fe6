import { readFile, writeFile } from 'node:fs/promises'
import { createHttpWire } from '../../core/federation/index.ts'
import { readRoots, requestTimeStamp, TimeStampTrouble } from '../../core/time-stamps/index.ts'
import { ProtocolError, verifyTimeStamp } from '../../protocol/index.ts'
import { type Call, type Command, Misuse, settingsOf } from '../command.ts'

/** Has a file stamped by an authority, or checks such a stamp offline. */
export const timeStamp: Command = {
  name: 'time-stamp',
  summary: 'Have a dossier or a receipt time-stamped by an authority (RFC 3161), or check a time-stamp offline.',
  usage: '<file> [--from <url>] [--out <file.tsr>]  |  <file> --check <file.tsr> --authority <ca.pem>',
  takesSettings: true,
  options: {
    from: { type: 'string', help: 'address of the authority (default: the setting timeStampUrl)' },
    out: { type: 'string', help: 'where to write the token (default: beside the file, .tsr)' },
    check: { type: 'string', help: 'the token to check' },
    authority: { type: 'string', help: 'certificates you trust, as PEM' },
  },
  async run(call) {
    const [file] = call.words
    if (file === undefined) throw new Misuse(`chancery time-stamp ${timeStamp.usage}`)
    const data = await readFile(file)
    return typeof call.options.check === 'string' ? check(call, data, call.options.check) : stamp(call, file, data)
  },
}

async function stamp(call: Call, file: string, data: Uint8Array): Promise<number> {
  const { from } = call.options
  const url = typeof from === 'string' ? from : (await settingsOf(call, { listens: false })).timeStampUrl
  if (!url) throw new Misuse('Name the authority: --from <url>, or set timeStampUrl.')
  return (await stampFile(call, { url, file, data, out: call.options.out })) ? 0 : 1
}

/** Writes the token beside the file, and says so; false and the reason where the authority gave none. */
export async function stampFile(
  { say, tell }: Call,
  { url, file, data, out }: { url: string; file: string; data: Uint8Array; out?: unknown },
): Promise<boolean> {
  const wire = createHttpWire()
  try {
    const token = await requestTimeStamp(wire, { url, data })
    const path = typeof out === 'string' ? out : `${file}.tsr`
    await writeFile(path, token)
    say(`${path}: time-stamp of ${url}`)
    tell({ timeStamp: path })
    return true
  } catch (error) {
    if (!(error instanceof TimeStampTrouble)) throw error
    say(`No time-stamp: ${error.message}`)
    tell({ timeStamp: null, why: error.message })
    return false
  } finally {
    await wire.close()
  }
}

async function check(call: Call, data: Uint8Array, token: string): Promise<number> {
  const { authority } = call.options
  if (typeof authority !== 'string') throw new Misuse('Name whom you trust: --authority <ca.pem>')
  try {
    const found = verifyTimeStamp(await readFile(token), { data, roots: readRoots(await readFile(authority)) })
    const by = found.authority.replaceAll('\n', ', ')
    call.say(`STAMPED ${new Date(found.time).toISOString()} by ${by}, number ${found.serial}`)
    call.tell({ verdict: 'stamped', time: found.time, serial: found.serial })
    return 0
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    call.say(`REFUSED ${error.rule}: ${error.detail}`)
    call.tell({ verdict: 'refused', rule: error.rule })
    return 1
  }
}
