import { type Browser, chromium } from 'playwright-core'
import { chromiumProgram } from './chromium-program.ts'

/** Debian's Chromium, without a window and without calling home. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
