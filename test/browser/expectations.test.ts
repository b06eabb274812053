// The Expectations page as a person works with it: narrow it down, see who waits, write down what was done.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { sending, startTroth } from '../troth.ts'
import { cases, oneOfEach } from './cases.ts'

test('the page is narrowed by time and by customers, and what was done about a broken promise is written down', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  const made = await troth.as('manager')(
    '/api/segments',
    sending('POST', {
      name: 'Only Mia',
      rule: { about: 'trait', trait: 'name', is: 'contains', value: 'Mia' },
    }),
  )
  assert.equal(made.status, 201, await made.text())
  await troth.store.jobs.drain()
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'member')
    await page.goto('/expectations')
    await page.getByText('3 broken ones').waitFor()
    const list = page.locator('.mend-list')
    for (const name of [cases.late, cases.waiting, cases.longAgo])
      await list.locator('li', { hasText: name }).waitFor()

    // Olga's promise fell due long ago.
    await page.getByLabel('When they fell due').selectOption({ label: 'Due in the last 30 days' })
    await page.waitForURL(/period=30d/)
    await page.getByText('2 broken ones').waitFor()
    await list.locator('li', { hasText: cases.longAgo }).waitFor({ state: 'detached' })
    await page.getByLabel('Customers', { exact: true }).selectOption({ label: 'Only Mia' })
    await page.getByText('1 broken one', { exact: true }).waitFor()
    await list.locator('li', { hasText: cases.waiting }).waitFor({ state: 'detached' })
    assert.match(
      (await page.getByRole('link', { name: 'All broken ones as CSV' }).getAttribute('href')) ?? '',
      /from=.*segment=\d+.*state=broken/,
    )
    // A filter stands in the address: it survives a reload.
    await page.reload()
    const late = list.locator('li', { hasText: cases.late })
    await late
      .getByText('five days late', { exact: false })
      .or(late.getByText('5 days late'))
      .first()
      .waitFor()
    assert.equal(await list.locator('li').count(), 1)

    await late.getByRole('button', { name: `I’ll call ${cases.late}` }).click()
    await late.getByText(/took this on/).waitFor()
    await late.getByRole('button', { name: `Hand back: ${cases.late}` }).click()
    await late.getByRole('button', { name: `I’ll call ${cases.late}` }).waitFor()
    await late.getByRole('button', { name: `Say what was done for ${cases.late}` }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('In a few words').fill('Took the delivery off the bill.')
    assert.deepEqual(await axe(page), [])
    await dialog.getByRole('button', { name: 'It’s made good' }).click()
    await page.getByText('Written down as made good.').waitFor()
    await late.waitFor({ state: 'detached' })
    await page.getByText('Nothing that broke is left to make good.').first().waitFor()

    // It stands on the timeline, for everybody who speaks with them next.
    const { items } = (await (
      await troth.as('member')(`/api/customer-lookup?identity=mia@example.org`)
    ).json()) as { items: { id: number }[] }
    await page.goto(`/customers/${items[0]?.id}`)
    await page
      .getByRole('region', { name: 'The story so far' })
      .getByText('Took the delivery off the bill.')
      .waitFor()
    await page.goto('/expectations')
    await page.getByText('2 broken ones').waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('a filter that leaves nothing says so and shows the way back', async (t) => {
  await using troth = await startTroth({ listen: true, counting: true })
  await oneOfEach(troth)
  const made = await troth.as('manager')(
    '/api/segments',
    sending('POST', {
      name: 'Nobody at all',
      rule: { about: 'trait', trait: 'name', is: 'contains', value: 'Zzz' },
    }),
  )
  const { id } = (await made.json()) as { id: number }
  await troth.store.jobs.drain()
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth, { width: 390 })
    await signInAs(page, troth, 'viewer')
    await page.goto(`/expectations?segment=${id}`)
    await page.getByText('No promise fell due here').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Show all of them' }).click()
    await page.getByText('3 broken ones').waitFor()
    // Who may only look is offered nothing to do.
    assert.equal(await page.getByRole('button', { name: /I’ll call|Say what was done/ }).count(), 0)
    assert.equal(await overflows(page), '')
    await picture(page, 'expectations-cases-390')
    assert.deepEqual(page.complaints, [])
  })
})
