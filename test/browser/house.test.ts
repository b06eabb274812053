// Getting in, finding one's way, and managing the house, as a person does it.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { axe, enter, openPage, openPalette, picture, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'
import { oneOfEach } from './cases.ts'

test('a new owner sets Troth up, signs out, and signs in again', async (t) => {
  await using troth = await startTroth({ listen: true, team: false })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await page.goto('/settings/keys')
    await page.waitForURL('**/first-run')
    await page.getByLabel('Your name').fill('Jonas Berg')
    await page.getByLabel('Email address').fill('jonas@example.com')
    await page.getByLabel(/^Password/).fill('a table for eight')
    await page.getByRole('textbox', { name: 'Company' }).fill('Harbour & Oak')
    await page.getByText('Once, mostly').click()
    await page.getByRole('button', { name: 'Begin' }).click()
    await page.waitForURL('**/welcome')
    await page.getByRole('heading', { name: /Harbour & Oak/ }).waitFor()
    assert.deepEqual(await axe(page), [])

    await page.goto('/settings/account')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL('**/sign-in')
    await page.goto('/settings/team')
    await page.waitForURL(/sign-in\?to=/)
    await page.getByLabel('Email address').fill('jonas@example.com')
    await page.getByLabel(/^Password/).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The email address or the password is not right.').waitFor()
    await page.getByLabel(/^Password/).fill('a table for eight')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/settings/team')
    await page.getByText('Jonas Berg').waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('an owner invites somebody, who joins by the link', async (t) => {
  await using troth = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'owner')
    await page.goto('/settings/team')
    await page.getByRole('button', { name: 'Make the link' }).click()
    const dialog = page.getByRole('dialog')
    const link = (await dialog.locator('pre').textContent()) ?? ''
    assert.match(link, /\/join\//)
    assert.deepEqual(await axe(page), [])

    const theirs = await openPage(browser, troth)
    await theirs.goto(link)
    await theirs.getByRole('heading', { name: 'Join Harbour & Oak' }).waitFor()
    await theirs.getByLabel('Your name').fill('Mia')
    await theirs.getByLabel('Email address').fill('mia@example.com')
    await theirs.getByLabel(/^Password/).fill('four green chairs')
    await theirs.getByRole('button', { name: 'Join' }).click()
    await theirs.waitForURL((url) => url.pathname === '/')
    await theirs.goto('/settings')
    assert.equal(await theirs.getByRole('link', { name: 'Keys' }).count(), 0)
    assert.deepEqual([...page.complaints, ...theirs.complaints], [])
  })
})

test('the write key and the example on the page work as they stand', async (t) => {
  await using troth = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'owner')
    await page.goto('/send-events')
    await page.getByRole('button', { name: 'Make a write key' }).click()
    await page.getByText('It is shown this once', { exact: false }).waitFor()
    await picture(page, 'send-events-with-key')
    const example = (await page.locator('pre', { hasText: 'curl' }).textContent()) ?? ''
    const [, url, user, body] =
      /^curl (\S+) -u (\S+): -H 'content-type: application\/json' -d '(.*)'$/s.exec(example) ?? []
    const response = await fetch(url ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${user}:`).toString('base64')}`,
      },
      body: body ?? '',
    })
    assert.equal(response.status, 200, await response.text())
  })
})

test('the palette opens pages by keyboard, and the keyboard lands at the page’s beginning', async (t) => {
  await using troth = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'owner')
    await openPalette(page)
    assert.deepEqual(await axe(page), [])
    await page.keyboard.type('changed')
    await page.keyboard.press('ArrowDown')
    await enter(page, 'Who changed what')
    await page.waitForURL('**/settings/changes')
    await page.getByRole('heading', { name: 'Changes' }).waitFor()
    await page.locator('#page:focus').waitFor()

    await page.goto('/')
    await page.locator('h1').first().waitFor()
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'Skip to the page')
    await page.keyboard.press('Enter')
    await page.locator('#page:focus').waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('no page of ours is linked by an address that loads the app anew', () => {
  const folder = join(import.meta.dirname, '../../web/src')
  const breaches = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/href=(?:"\/|\{`\/)[^"`}]*/g)]
        .map(([link]) => link)
        // What the server answers by itself is no page of the app.
        .filter((link) => !/\/(api|openapi)\b/.test(link) || /docs\/api/.test(link))
        .map((link) => `${file}: ${link}`),
    )
  assert.deepEqual(breaches, [])
})

test('from the map to its editor and from Today to what a finding is about, the app stays open', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'manager')
    await page.evaluate('window.sameDocument = true')
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Journey' }).click()
    await page.getByRole('link', { name: 'Edit map' }).click()
    await page.waitForURL('**/journey/edit')
    await page.locator('h1').first().waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'Enter what you spend' }).click()
    await page.waitForURL('**/journey/edit')
    assert.equal(await page.evaluate('window.sameDocument'), true)
    assert.deepEqual(page.complaints, [])
  })
})

test('a lost connection and a broken page are said in words', async (t) => {
  await using troth = await startTroth({ listen: true })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'owner')
    await page.context().setOffline(true)
    await page.getByText('You are offline', { exact: false }).waitFor()
    await page.context().setOffline(false)
    await page.getByText('You are offline', { exact: false }).waitFor({ state: 'detached' })

    await page.route('**/api/members', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: '{"detail":"This is a fault of Troth, not of the request."}',
      }),
    )
    await page.goto('/settings/team')
    await page.getByText('This is a fault of Troth').waitFor()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
  })
})
