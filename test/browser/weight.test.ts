import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'

test('the first load is under 300 KB compressed', async (t) => {
  await using troth = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'owner')
    const fresh = await openPage(browser, troth, { storageState: await page.context().storageState() })
    const session = await fresh.context().newCDPSession(fresh)
    await session.send('Network.enable')
    const names = new Map<string, string>()
    const sizes = new Map<string, number>()
    session.on('Network.responseReceived', ({ requestId, response }) =>
      names.set(requestId, new URL(response.url).pathname),
    )
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      sizes.set(requestId, encodedDataLength),
    )
    await fresh.goto('/')
    await fresh.locator('h1').first().waitFor()
    await fresh.settled()
    const files = [...sizes].map(([id, bytes]) => `${Math.round(bytes / 1024)} KB ${names.get(id)}`)
    const kilobytes = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0) / 1024
    t.diagnostic(`first load ${Math.round(kilobytes)} KB: ${files.join(', ')}`)
    assert.ok(kilobytes < 300, `${Math.round(kilobytes)} KB: ${files.join(', ')}`)
  })
})
