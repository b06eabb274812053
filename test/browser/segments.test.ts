// A segment as a person writes it: which promise, what became of it, and whom that picks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { sending, startTroth } from '../troth.ts'
import { cases, oneOfEach } from './cases.ts'

test('a segment is made of one promise, picked by its name, and says it again when it is opened', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  const other = await troth.as('manager')(
    '/api/promises',
    sending('POST', {
      name: 'Called back in a day',
      statement: 'We call back by tomorrow.',
      rule: {
        opened: { event: 'Support Contacted' },
        due: [{ after: 1, unit: 'days' }],
        kept: { event: 'Customer Called Back' },
        source: { kind: 'message' },
      },
    }),
  )
  assert.equal(other.status, 201, await other.text())
  await troth.store.jobs.drain()
  await withBrowser(t, async (browser) => {
    for (const look of [
      { width: 1280, dark: false },
      { width: 390, dark: true },
    ]) {
      const page = await openPage(browser, troth, look)
      await signInAs(page, troth, 'manager')
      await page.goto('/customers/segments/new')
      await page.getByLabel('What the condition is about').selectOption({ label: 'a promise' })
      const which = page.getByLabel('Which promise')
      const whom = page.getByLabel('Some of them')
      await whom.getByText(cases.late).waitFor()
      await which.selectOption({ label: 'Called back in a day' })
      await page.getByText('has a broken promise “Called back in a day”').waitFor()
      await whom.waitFor({ state: 'detached' })
      const labels = await which.locator('option').allTextContents()
      assert.equal(labels[0], 'any promise')
      const delivery = labels.find((label) => /deliver/i.test(label)) ?? ''
      await which.selectOption({ label: delivery })
      await page.getByText(`has a broken promise “${delivery}”`).waitFor()
      for (const name of [cases.late, cases.waiting]) await whom.getByText(name).waitFor()
      assert.deepEqual(await axe(page), [])
      assert.equal(await overflows(page), '')
      await picture(page, `segment-promise-${look.width}`)

      const name = `Late ${look.width}`
      await page.getByLabel('What to call them').fill(name)
      await page.getByRole('button', { name: 'Save the segment' }).click()
      await page.getByRole('link', { name: `Change ${name}` }).click()
      await page.getByText(`has a broken promise “${delivery}”`).waitFor()
      assert.equal(await which.locator('option:checked').textContent(), delivery)
      assert.deepEqual(page.complaints, [])
      await page.context().close()
    }
  })
})
