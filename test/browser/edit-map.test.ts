// Making the map in the browser: by hand, by keys, and with what it would do to what is stored.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordInteractions } from '#src/interactions/interactions.ts'
import { applyMapTemplate, readJourney, registerJourney } from '#src/journey/journey.ts'
import type { Actor } from '#src/lib/http.ts'
import type { Store } from '#src/store/store.ts'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from '../browser.ts'
import { startTroth } from '../troth.ts'

const troth: Actor = { kind: 'local', id: 'test', name: 'Test', role: 'owner', scopes: [] }

async function happen(store: Store): Promise<void> {
  const names = ['Order Completed', 'parcel_arrived', 'Odd Thing', 'Invoice Sent']
  await recordInteractions(
    store,
    Array.from({ length: 80 }, (_, index) => ({
      messageId: `m${index}`,
      at: new Date(Date.now() - index * 3_600_000),
      receivedAt: new Date(),
      identities: [{ kind: 'user_id' as const, source: '', value: `user-${index % 7}` }],
      name: names[index % names.length] ?? '',
      channel: 'web',
    })),
    { source: 'test', again: 'keep' },
  )
}

test('a manager places an unplaced event by one click and another by dragging, sees the effect, saves and undoes', async (t) => {
  await using house = await startTroth({ listen: true, register: registerJourney })
  await applyMapTemplate(house.store, 'commerce', troth)
  await happen(house.store)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, house, { width: 1440 })
    await signInAs(page, house, 'manager')
    await page.goto('/journey/edit')
    const box = page.getByRole('region', { name: 'Events without a place' })
    await box.getByRole('button', { name: 'To Delivery' }).click()
    await box.locator('.unplaced-name', { hasText: 'parcel_arrived' }).waitFor({ state: 'detached' })

    const odd = box.locator('.unplaced-name', { hasText: 'Odd Thing' })
    const thanks = page.getByRole('button', { name: /^Thanks Care/ })
    await thanks.scrollIntoViewIfNeeded()
    const from = await odd.boundingBox()
    const to = await thanks.boundingBox()
    assert.ok(from && to)
    await page.mouse.move(from.x + 8, from.y + 8)
    await page.mouse.down()
    await page.mouse.move(from.x - 40, from.y + 20, { steps: 4 })
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 })
    await page.mouse.up()
    await odd.waitFor({ state: 'detached' })

    const bar = page.getByRole('region', { name: 'Your changes' })
    await bar.getByText('Of what is stored, 40 get a place.').waitFor()
    await picture(page, 'edit-map')
    assert.deepEqual(await axe(page), [])
    await bar.getByRole('button', { name: 'Save the map' }).click()
    await page.getByText('The map is saved.').waitFor()
    await house.store.jobs.drain()
    await page.getByText('History stands where the map says. 40 interactions moved.').waitFor()

    await page.getByRole('button', { name: /^Undo: / }).click()
    await page.getByText('The map is as it was before.').waitFor()
    await house.store.jobs.drain()
    await box.locator('.unplaced-name', { hasText: 'Odd Thing' }).waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('the map is arranged by keys alone, each move is said, and leaving with unsaved changes asks first', async (t) => {
  await using house = await startTroth({ listen: true, register: registerJourney })
  await applyMapTemplate(house.store, 'commerce', troth)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, house, { width: 1440, dark: true })
    await signInAs(page, house, 'manager')
    await page.goto('/journey/edit')
    const delivery = page.locator('.moment-name', { hasText: /^Delivery/ }).last()
    await delivery.focus()
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByText('Delivery: Receive, after the sale, 3 of 6.').waitFor()
    await page.keyboard.press('Alt+ArrowRight')
    await page.getByText('Delivery: Use, after the sale, 3 of 8.').waitFor()
    await page.keyboard.press('ArrowDown')
    await page
      .locator(':focus')
      .filter({ hasText: /^Thanks/ })
      .waitFor()
    await page.locator('.stage-name', { hasText: 'Decide' }).focus()
    await page.keyboard.press('Alt+ArrowRight')
    await page.getByText('Decide: stage 3 of 7, after the sale.').waitFor()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.getByText('As it is saved.').waitFor()
    await page.keyboard.press('Control+Shift+z')
    await page.getByRole('link', { name: 'Today' }).first().click()
    await page.getByRole('dialog').getByText('Your changes of the map are not saved yet.').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Stay here' }).click()
    await page.keyboard.press('Control+s')
    await page.getByText('The map is saved.').waitFor()
    const receive = (await readJourney(house.store.db)).stages.find((stage) => stage.name === 'Receive')
    assert.equal(receive?.touchpoints[2]?.name, 'Delivery')
    assert.deepEqual(page.complaints, [])
  })
})

test('on a phone the map is a list, and a rule is written in plain words with its effect below', async (t) => {
  await using house = await startTroth({ listen: true, register: registerJourney })
  await applyMapTemplate(house.store, 'services', troth)
  await happen(house.store)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, house, { width: 390 })
    await signInAs(page, house, 'manager')
    await page.goto('/journey/edit')
    await page.getByRole('button', { name: /^Service delivered/ }).click()
    const panel = page.getByRole('region', { name: /^Service delivered, Use/ })
    await panel.getByRole('button', { name: 'Add a rule' }).click()
    await panel.getByRole('combobox', { name: 'the event is' }).fill('parcel*')
    await page.keyboard.press('Escape')
    await panel.getByText('without a place now, would come here').waitFor()
    assert.deepEqual(await axe(page), [])
    assert.equal(await overflows(page), '')
    await picture(page, 'edit-map-phone')
  })
})

test('a company without a map is offered two, with money and care standards beside', async (t) => {
  await using house = await startTroth({ listen: true, register: registerJourney })
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, house)
    await signInAs(page, house, 'manager')
    await page.goto('/journey/edit')
    await page.getByText('There is no map yet').waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('button', { name: 'Begin with this map' }).last().click()
    await page.getByRole('button', { name: 'Save the map' }).click()
    await page.getByText('The map is saved.').waitFor()

    await page.getByRole('tab', { name: 'Money' }).click()
    await page.getByRole('combobox', { name: 'Moment' }).fill('Check')
    await page.getByRole('option', { name: 'Check-in' }).click()
    await page.getByLabel('Amount in EUR').fill('1200')
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByRole('cell', { name: /^€\s1,200$/ }).waitFor()
    assert.deepEqual(await axe(page), [])

    await page.getByRole('tab', { name: 'Care standards' }).click()
    await page.getByLabel('What you call it').fill('A call in the first week')
    await page.getByRole('combobox', { name: 'What they should get' }).fill('Check')
    await page.getByRole('option', { name: 'Check-in' }).click()
    await page.getByRole('button', { name: 'Add it' }).click()
    await page.getByText('Check-in within 7 days of the sale').waitFor()
    assert.deepEqual(await axe(page), [])
    assert.deepEqual(page.complaints, [])
  })
})
