// Today as a person works through it: each kind of row acted on, and taken back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'
import { cases, oneOfEach } from './cases.ts'

const card = (page: Page, title: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name: new RegExp(`^${title}`) }) })
const undone = async (page: Page) => {
  await page.getByRole('button', { name: 'Undo', exact: true }).last().click()
  await page.getByText('Undone.').last().waitFor()
}

test('each kind of case is acted on and taken back', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'member')
    await page.getByText(/broken in the last seven days/).waitFor()

    const mend = card(page, 'Make good · 2')
    await mend.getByText('With older ones').waitFor()
    assert.match(
      (await mend.locator('.case-note').textContent()) ?? '',
      /^Broken in the last 30 days.*3 broken promises have not been made good/,
    )
    const late = mend.locator('li', { hasText: cases.late })
    await late.getByText(/five days late and nobody said so beforehand/).waitFor()
    await late.getByRole('button', { name: `I’ll call: ${cases.late}` }).click()
    await late.getByText('You’ll see to it').waitFor()
    await undone(page)
    await late.getByRole('button', { name: `I’ll call: ${cases.late}` }).click()
    await late.getByRole('button', { name: `I can’t after all: ${cases.late}` }).click()
    await late.getByRole('button', { name: `I’ll call: ${cases.late}` }).click()
    await late.getByRole('button', { name: `Done: ${cases.late}` }).click()
    await page.getByLabel('What did you do?').fill('Called, said sorry, took off the delivery.')
    await page.getByRole('button', { name: 'It is made good' }).click()
    await page.getByText(`${cases.late} has been seen to.`).waitFor()
    await late.waitFor({ state: 'detached' })
    await undone(page)
    await late.waitFor()

    const doubt = card(page, 'In doubt').locator('li', { hasText: cases.doubting })
    await doubt.getByText('It creaks at every step').waitFor()
    await doubt.getByRole('button', { name: `I’ll call: ${cases.doubting}` }).click()
    await doubt.getByText('You’ll see to it').waitFor()
    await undone(page)
    await doubt.getByRole('button', { name: `I’ll call: ${cases.doubting}` }).click()
    await doubt.getByRole('button', { name: `Log the call: ${cases.doubting}` }).click()
    await page.getByLabel('How it went, in your words').fill('Comes on Friday, with new screws.')
    await page.keyboard.press('Control+Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await troth.store.jobs.drain()
    await page.reload()
    await card(page, 'Make good').waitFor()
    assert.equal(await doubt.count(), 0)

    const renewal = card(page, 'Renewals near').locator('li', { hasText: cases.renewing })
    await renewal.getByText(/Oil and care, €\s?90.*renews on/).waitFor()
    await renewal.getByRole('button', { name: `I’ll call: ${cases.renewing}` }).click()
    await renewal.getByText('You’ll see to it').waitFor()
    await renewal.getByRole('button', { name: `I can’t after all: ${cases.renewing}` }).click()
    await renewal.getByRole('button', { name: `I’ll call: ${cases.renewing}` }).waitFor()

    const thank = card(page, 'Thank').locator('.thank', { hasText: cases.bringing })
    await thank.getByText(/brought Kim Bakker/).waitFor()
    await thank.getByText('Everybody asks where it is from').waitFor()
    await thank.getByRole('button', { name: `Thank ${cases.bringing}` }).click()
    await page.getByRole('menuitem', { name: 'I sent a card' }).click()
    await page.getByText(`${cases.bringing} has been thanked.`).waitFor()
    await thank.waitFor({ state: 'detached' })
    await undone(page)
    await thank.waitFor()

    await card(page, 'Not on your map yet').getByRole('link', { name: 'Place them' }).waitFor()
    await card(page, 'Silent since they paid').getByRole('link', { name: 'See them' }).click()
    await page.waitForURL(/\/customers\?.*silent=60/)
    await page.getByRole('link', { name: cases.silent }).waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('Today with cases is accessible and fits, wide and on a phone, light and dark, and for who may only look', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  await withBrowser(t, async (browser) => {
    const found: string[] = []
    for (const { dark, width, role } of [
      { dark: false, width: 1280, role: 'member' },
      { dark: true, width: 390, role: 'member' },
      { dark: false, width: 390, role: 'viewer' },
    ] as const) {
      const page = await openPage(browser, troth, { dark, width })
      await signInAs(page, troth, role)
      await card(page, 'Make good').waitFor()
      const look = `${dark ? 'dark' : 'light'} ${width} ${role}`
      found.push(...(await axe(page)).map((each) => `${look}: ${each}`))
      const wide = await overflows(page)
      if (wide) found.push(`${look}: scrolls sideways because of ${wide}`)
      if (role === 'viewer') {
        assert.equal(await page.getByRole('button', { name: /I’ll call|^Thank / }).count(), 0)
        await page.getByRole('link', { name: `See ${cases.late}` }).waitFor()
      }
      await picture(page, `today-cases-${look.replaceAll(' ', '-')}`)
      found.push(...page.complaints)
      await page.context().close()
    }
    assert.deepEqual(found, [])
  })
})
