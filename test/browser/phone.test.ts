// What people do on a phone: begin, find a customer, log a call.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  axe,
  enter,
  openPage,
  openPalette,
  overflows,
  picture,
  signInAs,
  withBrowser,
  writing,
} from '../browser.ts'
import { startTroth } from '../troth.ts'
import { cases, oneOfEach } from './cases.ts'

test('a new owner sets Troth up on a phone', async (t) => {
  await using troth = await startTroth({ listen: true, team: false })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth, { width: 390, hasTouch: true, isMobile: true })
    await page.goto('/')
    await page.waitForURL('**/first-run')
    await page.getByLabel('Your name').fill('Jonas Berg')
    await page.getByLabel('Email address').fill('jonas@example.com')
    // A password that is too short is refused beside its field, and nothing that was typed is lost.
    await page.getByLabel(/^Password/).fill('short')
    await page.getByRole('textbox', { name: 'Company' }).fill('Harbour & Oak')
    await page.getByText('Once, mostly').tap()
    await page.getByRole('button', { name: 'Begin' }).tap()
    await page.locator('input[type=password]:is(:invalid, [aria-invalid=true])').waitFor()
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Jonas Berg')
    assert.deepEqual(await axe(page), [])
    assert.equal(await overflows(page), '')
    await picture(page, 'first-run-phone-refused')
    await page.getByLabel(/^Password/).fill('a table for eight')
    await page.getByRole('button', { name: 'Begin' }).tap()
    await page.waitForURL('**/welcome')
    await page.getByRole('heading', { name: /Harbour & Oak/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    assert.equal(await overflows(page), '')
    await picture(page, 'welcome-phone')
    // What can be pressed is large enough for a finger.
    for (const button of await page.locator('main a.mantine-Button-root, main button').all()) {
      const box = await button.boundingBox()
      assert.ok(box && box.height >= 24, `${await button.textContent()} is ${box?.height} pixels high`)
    }
    assert.deepEqual(page.complaints, [])
  })
})

test('on a phone a customer is found from More, and a call is logged by keyboard', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth, { width: 390, hasTouch: true })
    await signInAs(page, troth, 'member')
    // A page opened from More is not loaded anew.
    await page.evaluate('window.sameDocument = true')
    await page.getByRole('button', { name: 'More' }).tap()
    await page.getByRole('link', { name: 'Settings' }).tap()
    await page.waitForURL('**/settings')
    // A page that is come to takes the keyboard to its beginning, a moment after it shows.
    await page.locator('#page:focus').waitFor()
    assert.equal(await page.evaluate('window.sameDocument'), true)
    await page.getByRole('button', { name: 'More' }).tap()
    await page.getByRole('button', { name: 'Find a customer or page' }).tap()
    await page.getByPlaceholder('Find a customer').and(page.locator(':focus')).waitFor()
    // By the address that the server knows her by, not by what the label says.
    await page.keyboard.type('dora@example')
    await page.getByRole('button', { name: new RegExp(cases.doubting) }).waitFor()
    assert.deepEqual(await axe(page), [])
    assert.equal(await overflows(page), '')
    await picture(page, 'palette-phone')
    await enter(page, cases.doubting)
    await page.waitForURL(/\/customers\/\d+$/)
    await page.getByRole('heading', { name: cases.doubting, exact: true }).waitFor()
    await page.locator('#page:focus').waitFor()

    // On her page a call is about her unless somebody else is chosen.
    await openPalette(page)
    await page.keyboard.type('log call')
    await enter(page, 'Log a call')
    await writing(page)
    assert.deepEqual(await axe(page), [])
    assert.equal(await overflows(page), '')
    await picture(page, 'quick-log-phone')
    await page.keyboard.type('New screws on Friday.')
    await page.keyboard.press('Enter')
    await page.getByText(`Logged for ${cases.doubting}.`).waitFor()
    await page.getByRole('region', { name: 'The story so far' }).getByText('New screws on Friday.').waitFor()

    // Elsewhere it asks for whom.
    await page.goto('/')
    await page.locator('h1').first().waitFor()
    await openPalette(page)
    await page.keyboard.type('log visit')
    await enter(page, 'Log a visit')
    await page.getByLabel('Whose it is').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('sven')
    await enter(page, cases.silent)
    await writing(page)
    await page.keyboard.type('Showed him the new oak.')
    await page.keyboard.press('Enter')
    await page.getByText(`Logged for ${cases.silent}.`).waitFor()
    assert.equal(await overflows(page), '')
    assert.deepEqual(page.complaints, [])
  })
})
