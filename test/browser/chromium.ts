import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { chromiumProgram } from './chromium-program.ts'

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--in-process-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Debian's Chromium, without a window and without calling home; with `fakeMedia` a microphone and a camera of its own.
 * Without `typefaces` it sets pages in what the machine has, which is quicker, and right where nobody looks at them.
 */
export function launchChromium({ fakeMedia = false, typefaces = false } = {}): Promise<Browser> {
  const media = fakeMedia ? ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] : []
  const fonts = typefaces ? [] : ['--disable-remote-fonts']
  return chromium.launch({ executablePath: chromiumProgram(), args: [...args, ...media, ...fonts] })
}

/** The same with a folder of its own in which it keeps what browsers keep. */
export function launchKeeping(folder: string, baseURL: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: chromiumProgram(), args, baseURL, locale: 'en' })
}
