import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type Mail from 'nodemailer/lib/mailer/index.js'
import type { Settings } from '../config/types.ts'

/** What a mail server or the mail folder is reached with. */
export type MailServices = { settings: Pick<Settings, 'smtpUrl' | 'dataDir'> }

/**
 * Gives one message to the mail server, or writes it to the mail folder where no server is set.
 *
 * @returns `smtp`, or the file's name
 * @throws what the server or the way to it answered; `responseCode` is set where the server itself refused
 */
export async function deliverMail(services: MailServices, id: string, mail: Mail.Options): Promise<string> {
  const { smtpUrl, dataDir } = services.settings
  // Loaded with the first mail: most processes of a node never send one.
  const { createTransport } = await import('nodemailer')
  if (smtpUrl !== undefined) {
    const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 20_000 })
    try {
      await transport.sendMail(mail)
    } finally {
      transport.close()
    }
    return 'smtp'
  }
  const { message } = await createTransport({
    streamTransport: true as const,
    buffer: true,
    newline: 'windows',
  }).sendMail(mail)
  return writeMailFile(join(dataDir, 'mail'), `${id}.eml`, message as Buffer)
}

// Written beside, synced and renamed: whoever watches the folder sees whole messages only, each once.
async function writeMailFile(folder: string, name: string, message: Buffer): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const draft = join(folder, `.${name}.draft`)
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(message)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, join(folder, name))
  return name
}
