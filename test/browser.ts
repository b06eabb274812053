// A real browser for tests: Debian's Chromium, driven without downloads.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Role } from '#src/lib/http.ts'
import { until } from '#src/lib/testing.ts'
import type { TestTroth } from './troth.ts'

const executablePath = [
  process.env['TROTH_CHROMIUM'],
  // the same engine without the parts that draw windows: a third less to do
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))
/** Milliseconds that anything awaited on a page may take: what doesn't come fails, however busy the machine is. */
const patience = 90_000
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Runs `work` with a browser and closes it. Skips the test, saying so, on a machine without Chromium. */
export async function withBrowser(t: TestContext, work: (browser: Browser) => Promise<void>): Promise<void> {
  if (!executablePath) {
    t.skip('no Chromium here: install it, or name it in TROTH_CHROMIUM')
    return
  }
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
  try {
    await work(browser)
  } finally {
    await browser.close()
  }
}

export interface TestPage extends Page {
  /** What the browser complained about since the page was opened: errors in scripts, breaches of the content policy. */
  complaints: string[]
  /** Returns when nothing is asked for and nothing holds a place any more: sooner than the browser's own idle. */
  settled(): Promise<void>
  /** Makes the window so wide, and waits until the page has followed. */
  widen(width: number): Promise<void>
}

/** A page of its own, at `width` pixels, light or dark. `troth` must listen. */
export async function openPage(
  browser: Browser,
  troth: { url: string },
  options: { width?: number; dark?: boolean } & BrowserContextOptions = {},
): Promise<TestPage> {
  const { width = 1280, dark = false, ...rest } = options
  const context = await browser.newContext({
    baseURL: troth.url,
    viewport: sized(width),
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    // whatever the machine speaks
    locale: 'en-US',
    ...rest,
  })
  const complaints: string[] = []
  const plain = await context.newPage()
  const settled = settling(plain)
  const page = Object.assign(plain, {
    complaints,
    settled,
    async widen(to: number) {
      await plain.setViewportSize(sized(to))
      await plain.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      await settled()
    },
  })
  page.setDefaultTimeout(patience)
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused call is on the console too; the pages show what they make of it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  return page
}

function sized(width: number): { width: number; height: number } {
  return { width, height: width < 700 ? 844 : 800 }
}

function settling(page: Page): () => Promise<void> {
  let open = 0
  page.on('request', () => open++)
  page.on('requestfinished', () => open--)
  page.on('requestfailed', () => open--)
  const places = page.locator('main .mantine-Skeleton-root, main .counting, main .fig-waiting')
  return async () => {
    let quiet = 0
    await until(`calm at ${page.url()}`, async () => {
      quiet = open <= 0 && (await places.count()) === 0 ? quiet + 1 : 0
      return quiet === 3
    })
  }
}

/** Signs in as a member of the role, by a one-time link; the page is at "/" then. */
export async function signInAs(page: Page, troth: TestTroth, role: Role): Promise<void> {
  await page.goto(await troth.signInPath(role))
  await page.waitForURL((url) => url.pathname === '/')
  await page.locator('h1').first().waitFor()
}

/** Opens the palette and waits until letters go into it. */
export async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByLabel('Find', { exact: true }).and(page.locator(':focus')).waitFor()
}

/** Presses Enter once it means `words`: a list shows its lines a moment before the first of them is picked. */
export async function enter(page: Page, words: string | RegExp): Promise<void> {
  await page.locator('[data-selected], [data-combobox-selected]').filter({ hasText: words }).first().waitFor()
  await page.keyboard.press('Enter')
}

/** Waits until the form that logs something knows about whom, and letters go into its field for words. */
export async function writing(page: Page): Promise<void> {
  await page.locator('.quick-log button:enabled', { hasText: 'Log it' }).waitFor()
  await page.locator('.quick-log textarea:focus').waitFor()
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[]
}

/** What axe finds against WCAG 2.2 A and AA, one line each; nothing when all is well. */
export async function axe(page: Page): Promise<string[]> {
  const found = await looked(page)
  if (found.length === 0) return found
  // What is only just fading in or out is no fault; what is one is still there when all stands still.
  await page.waitForTimeout(1_000)
  return looked(page)
}

async function looked(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource)
  const result: AxeResult = await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })`,
  )
  return result.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) =>
        `${new URL(page.url()).pathname}: ${violation.help} (${violation.id}): ${node.html.slice(0, 160)} ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`,
    ),
  )
}

/** What sticks out at the right, so that the page scrolls sideways: its innermost elements; empty when nothing does. */
export async function overflows(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width + 1) return ''
    const clipped = (element) => {
      for (let up = element.parentElement; up && up !== document.documentElement; up = up.parentElement)
        if (getComputedStyle(up).overflowX !== 'visible') return true
      return false
    }
    const out = [...document.body.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !clipped(element))
    return out
      .filter((element) => !out.some((other) => other !== element && element.contains(other)))
      .slice(0, 3)
      .map((element) => element.tagName.toLowerCase() + '.' + element.className + ' "' + (element.textContent ?? '').slice(0, 40) + '"')
      .join(', ') || 'something'
  })()`)
}

/** Keeps a picture when TROTH_SCREENSHOTS names a folder. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['TROTH_SCREENSHOTS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}
