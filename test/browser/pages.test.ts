// Every page, light and dark, wide and narrow, with nothing in it and with customers: axe finds nothing, nothing
// sticks out, nothing complains.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { sending, startTroth, type TestTroth } from '../troth.ts'
import { oneOfEach } from './cases.ts'
import { crowd } from './crowd.ts'

/** The pages that need nothing in their address, as web/src/routes.tsx lists them. */
const paths = [
  ...readFileSync(join(import.meta.dirname, '../../web/src/routes.tsx'), 'utf8').matchAll(
    /getParentRoute: \(\) => (\w+),\s+path: '([^'$]+)'/g,
  ),
]
  .map(([, parent, path]) => (parent === 'settings' ? `/settings${path === '/' ? '' : path}` : (path ?? '')))
  .filter((path) => !['/sign-in', '/first-run'].includes(path))

test('every page is accessible while there is nothing yet, says so, and fits its screen', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  assert.ok(paths.length >= 9, `found only ${paths.join(' ')}`)
  assert.ok(paths.includes('/settings/validation'))
  await withBrowser(t, async (browser) => {
    const looks: [Look, Look] = [
      { dark: true, width: 390 },
      { dark: false, width: 1280 },
    ]
    assert.deepEqual(await lookAt(browser, troth, [...paths, '/no/such/page'], looks, 'empty'), [])
  })
})

test('every page is accessible and fits with a company in it, those of a single thing too', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  await crowd(troth)
  const owner = troth.as('owner')
  const rule = { about: 'kind', is: 'person' }
  const made = await owner('/api/segments', sending('POST', { name: 'People', rule }))
  const segment = (await made.json()) as { id: number }
  const promises = (await (await owner('/api/promises')).json()) as { items: { rule: { id: number } }[] }
  await troth.store.jobs.drain()
  await withBrowser(t, async (browser) => {
    const addresses = [
      ...paths,
      `/customers/segments/${segment.id}`,
      '/customers/segments/new',
      `/expectations/promises/${promises.items[0]?.rule.id}`,
      '/expectations/promises/new',
      '/customers/1',
    ]
    const looks: [Look, Look] = [
      { dark: true, width: 1280 },
      { dark: false, width: 390 },
    ]
    assert.deepEqual(await lookAt(browser, troth, addresses, looks, 'lived'), [])
  })
})

interface Look {
  dark: boolean
  width: number
}

/**
 * What is wrong with the pages, one line each. In the first look each is loaded by its address, in the second it is
 * come to from the one before, as people do: that takes a third of the time.
 */
async function lookAt(
  browser: Browser,
  troth: TestTroth,
  addresses: string[],
  looks: [Look, Look],
  name: string,
): Promise<string[]> {
  const found: string[] = []
  await Promise.all(
    looks.map(async (look, index) => {
      const page = await openPage(browser, troth, look)
      await signInAs(page, troth, 'owner')
      for (const path of addresses) {
        if (index === 0) await page.goto(path)
        else await goOn(page, path)
        await page.locator('h1').first().waitFor()
        await page.settled()
        found.push(...(await faults(page, path, `${name} ${look.dark ? 'dark' : 'light'} ${look.width}`)))
      }
      found.push(...page.complaints)
      await page.context().close()
    }),
  )
  return [...new Set(found)]
}

/** To another page without loading the app anew. */
async function goOn(page: Page, path: string): Promise<void> {
  if (new URL(page.url()).pathname === path) return
  const leaving = await page.locator('h1').first().elementHandle()
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
  await leaving?.waitForElementState('hidden')
}

async function faults(page: Page, path: string, name: string): Promise<string[]> {
  const look = `${path} ${name}`
  const found = (await axe(page)).map((each) => `${look}: ${each}`)
  const wide = await overflows(page)
  if (wide) found.push(`${look}: scrolls sideways because of ${wide}`)
  if (!(await page.title()).endsWith('· Troth')) found.push(`${look}: has no title`)
  // A page with nothing on it says what to do; it does not say that something went wrong, and no figure is made up.
  const text = (await page.locator('main').textContent()) ?? ''
  if (/\bNaN\b|undefined|Infinity|Try again/.test(text))
    found.push(`${look}: says ${/.{0,40}(NaN|undefined|Infinity|Try again).{0,40}/.exec(text)?.[0]}`)
  await picture(page, `${name} ${path === '/' ? 'home' : path.slice(1)}`.replaceAll(/[ /]/g, '-'))
  return found
}

test('the pages before somebody is signed in are accessible too', async (t) => {
  await using empty = await startTroth({ listen: true, team: false })
  await using lived = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const found: string[] = []
    for (const { dark, width } of [
      { dark: false, width: 1280 },
      { dark: true, width: 390 },
    ])
      for (const [troth, path, name] of [
        [empty, '/', 'first-run'],
        [lived, '/', 'sign-in'],
        [lived, '/join/unknown', 'join-unknown'],
      ] as const) {
        const page = await openPage(browser, troth, { dark, width })
        await page.goto(path)
        await page.locator('h1').first().waitFor()
        await page.settled()
        found.push(...(await axe(page)), ...page.complaints)
        if (await overflows(page)) found.push(`${name} ${width}: scrolls sideways`)
        await picture(page, `${name}-${dark ? 'dark' : 'light'}-${width}`)
        await page.context().close()
      }
    assert.deepEqual([...new Set(found)], [])
  })
})
