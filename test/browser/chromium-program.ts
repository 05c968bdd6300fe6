import { existsSync } from 'node:fs'

// The shell, which never opens a window, takes half as long for the same pages.
const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

/** Path of the Chromium that tests use, whether it is there or not. */
export function chromiumProgram(): string {
  return process.env.CHANCERY_CHROMIUM ?? programs.find((path) => existsSync(path)) ?? '/usr/bin/chromium'
}
