import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPage, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'

test('a question is asked, narrowed, taken away, and kept on the home page', async (t) => {
  await using troth = await startTroth({ listen: true })
  await troth.store.projection?.catchUp()
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'member')
    await page.getByRole('link', { name: 'Learn' }).click()
    await page.getByRole('link', { name: /What winning took/ }).click()
    await page.getByText('Nobody was courted in this time').first().waitFor()
    await page.getByLabel('Counts as lost after').selectOption('30')
    await page.waitForURL(/quiet=30/)

    await page.getByRole('button', { name: 'Export' }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Won, and what it took, as CSV' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'winning-groups.csv')
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('menuitem', { name: 'Copy SQL' }).click()
    await page.getByText('Who was courted, how it ended, and what it took').waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Save view' }).click()
    await page.getByLabel('What to call it').fill('Won within a month')
    await page.getByRole('button', { name: 'Save the view' }).click()
    await page.getByText('“Won within a month” is saved').waitFor()
    await page.getByRole('link', { name: 'Today' }).first().click()
    await page.getByRole('link', { name: 'Learn' }).click()
    await page.getByRole('link', { name: 'Won within a month' }).click()
    await page.waitForURL(/\/learn\/winning\?.*quiet=30/)
    assert.deepEqual(page.complaints, [])
  })
})

test('a count that was stopped says so, and is begun again', async (t) => {
  await using troth = await startTroth({ listen: true })
  await troth.store.projection?.catchUp()
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'viewer')
    let asked = 0
    await page.route('**/api/insights/return?*', async (route) => {
      // the first is never answered: it is the one that is stopped
      if (asked++ > 0) await route.continue()
    })
    const run = { id: 1, question: 'return', title: 'Coming back', asked: {}, done: 0.4, words: 'Fitting' }
    await page.route('**/api/insights/runs', (route) =>
      route.fulfill({ json: { runs: [{ ...run, startedAt: new Date().toISOString() }] } }),
    )
    await page.goto('/learn/return')
    await page.getByText('Fitting … 40 %').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('The count was stopped.').waitFor()
    await page.getByRole('button', { name: 'Count it' }).click()
    await page.getByText('Nobody has bought in this time').waitFor()
    assert.equal(asked, 2)
    assert.deepEqual(page.complaints, [])
  })
})
