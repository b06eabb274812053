// Every page, light and dark, wide and narrow: axe finds nothing, nothing sticks out, nothing complains.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'

/** The pages that need nothing in their address, as web/src/routes.tsx lists them. */
const paths = [
  ...readFileSync(join(import.meta.dirname, '../../web/src/routes.tsx'), 'utf8').matchAll(
    /getParentRoute: \(\) => (\w+),\s+path: '([^'$]+)'/g,
  ),
]
  .map(([, parent, path]) => (parent === 'settings' ? `/settings${path === '/' ? '' : path}` : (path ?? '')))
  .filter((path) => !['/sign-in', '/first-run'].includes(path))

test('every page is accessible, fits its screen, and keeps to the content policy', async (t) => {
  await using troth = await startTroth({ listen: true })
  assert.ok(paths.length >= 9, `found only ${paths.join(' ')}`)
  await withBrowser(t, async (browser) => {
    const found: string[] = []
    for (const dark of [false, true])
      for (const width of [1280, 390]) {
        const page = await openPage(browser, troth, { dark, width })
        await signInAs(page, troth, 'owner')
        for (const path of [...paths, '/no/such/page']) {
          await page.goto(path)
          await page.locator('h1').first().waitFor()
          await page.waitForLoadState('networkidle')
          const look = `${path} ${dark ? 'dark' : 'light'} ${width}`
          found.push(...(await axe(page)).map((each) => `${look}: ${each}`))
          const wide = await overflows(page)
          if (wide) found.push(`${look}: scrolls sideways because of ${wide}`)
          if (!(await page.title()).endsWith('· Troth')) found.push(`${look}: has no title`)
          await picture(
            page,
            `${path === '/' ? 'home' : path.slice(1).replaceAll('/', '-')}-${dark ? 'dark' : 'light'}-${width}`,
          )
        }
        found.push(...page.complaints)
        await page.context().close()
      }
    assert.deepEqual([...new Set(found)], [])
  })
})

test('the pages before somebody is signed in are accessible too', async (t) => {
  await using empty = await startTroth({ listen: true, team: false })
  await using lived = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const found: string[] = []
    for (const dark of [false, true])
      for (const width of [1280, 390]) {
        for (const [troth, path, name] of [
          [empty, '/', 'first-run'],
          [lived, '/', 'sign-in'],
          [lived, '/join/unknown', 'join-unknown'],
        ] as const) {
          const page = await openPage(browser, troth, { dark, width })
          await page.goto(path)
          await page.locator('h1').first().waitFor()
          await page.waitForLoadState('networkidle')
          found.push(...(await axe(page)), ...page.complaints)
          if (await overflows(page)) found.push(`${name} ${width}: scrolls sideways`)
          await picture(page, `${name}-${dark ? 'dark' : 'light'}-${width}`)
          await page.context().close()
        }
      }
    assert.deepEqual([...new Set(found)], [])
  })
})
