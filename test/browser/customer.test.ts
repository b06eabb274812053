// A customer's page as a person uses it: read it, log something without the mouse, find it on the story.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordInteractions } from '#src/interactions/interactions.ts'
import type { Incoming } from '#src/interactions/schema.ts'
import { until } from '#src/lib/testing.ts'
import type { Store } from '#src/store/store.ts'
import { registerValidation, updateStandings } from '#src/validation/validation.ts'
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

const dayMs = 86_400_000

function happened(
  name: string,
  daysAgo: number,
  properties: Record<string, unknown> = {},
  more: Partial<Incoming> = {},
): Incoming {
  const at = new Date(Date.now() - daysAgo * dayMs)
  return {
    messageId: `${name} ${daysAgo} ${JSON.stringify(more.identities ?? '')}`,
    at,
    receivedAt: at,
    identities: [{ kind: 'email', source: '', value: 'miriam@example.com' }],
    name,
    properties,
    ...more,
  }
}

/** Miriam's purchase with a bad end; gives her id. */
async function miriam(store: Store): Promise<number> {
  const [outcome] = await recordInteractions(
    store,
    [
      happened(
        'Design Meeting Held',
        50,
        { rating: 5, review: 'Anna listened. I knew then.' },
        {
          traits: { name: 'Miriam Castellanos' },
        },
      ),
      happened('Order Completed', 40, {
        order_id: 'o1',
        total: 2340,
        currency: 'EUR',
        product_name: 'oak dining set',
      }),
      happened('Support Contacted', 20, { rating: 1, review: 'It’s the same drawer.' }),
    ],
    { source: 'api:1', again: 'keep' },
  )
  const id = outcome && outcome.status !== 'rejected' ? outcome.customerId : 0
  await updateStandings(store, [id])
  return id
}

test('a call is logged from the palette with the keyboard alone, and stands on the customer’s page', async (t) => {
  await using troth = await startTroth({ listen: true, register: registerValidation })
  const id = await miriam(troth.store)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'member')
    await openPalette(page)
    await page.keyboard.type('log call')
    await enter(page, 'Log a call')
    await page.getByLabel('Whose it is').and(page.locator(':focus')).waitFor()
    await page.keyboard.type('miriam')
    await enter(page, 'Miriam Castellanos')
    await writing(page)
    await page.keyboard.type('Sends photos of the drawer tonight.')
    await page.keyboard.press('Enter')
    await page.getByText('Logged for Miriam Castellanos.').waitFor()

    await page.goto(`/customers/${id}`)
    const story = page.getByRole('region', { name: 'The story so far' })
    await story.getByText('Sends photos of the drawer tonight.').waitFor()
    await story.getByText('It’s the same drawer.').waitFor()
    await story.getByText(/the sale · oak dining set · €\s2,340/).waitFor()
    await page.getByText('Doubting the choice').waitFor()
    assert.deepEqual(page.complaints, [])
  })
})

test('what was logged in place can be undone at once', async (t) => {
  await using troth = await startTroth({ listen: true, register: registerValidation })
  const id = await miriam(troth.store)
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'member')
    await page.goto(`/customers/${id}`)
    await page.getByRole('button', { name: 'Log a conversation' }).click()
    await page.getByLabel('How it went, in your words').fill('Wrong customer, sorry')
    await page.keyboard.press('Control+Enter')
    const story = page.getByRole('region', { name: 'The story so far' })
    await story.getByText('Wrong customer, sorry').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await story.getByText('Wrong customer, sorry').waitFor({ state: 'detached' })
    assert.deepEqual(page.complaints, [])
  })
})

test('a customer’s page and the validation rules are accessible and fit, light, dark and narrow', async (t) => {
  await using troth = await startTroth({ listen: true, register: registerValidation })
  const id = await miriam(troth.store)
  const words = 'Donaudampfschifffahrtsgesellschaftskapitänsmütze'.repeat(8)
  const nameless = await recordInteractions(
    troth.store,
    [
      happened(
        'Product Reviewed',
        3,
        { rating: 2, review: words },
        {
          identities: [{ kind: 'user_id', source: '', value: 'a'.repeat(120) }],
        },
      ),
    ],
    { source: 'api:1', again: 'keep' },
  )
  const other = nameless[0] && nameless[0].status !== 'rejected' ? nameless[0].customerId : 0
  await withBrowser(t, async (browser) => {
    const found: string[] = []
    for (const dark of [false, true]) {
      const page = await openPage(browser, troth, { dark })
      await signInAs(page, troth, 'manager')
      for (const [path, name] of [
        [`/customers/${id}`, 'customer'],
        [`/customers/${other}`, 'customer-nameless'],
        ['/customers/999999', 'customer-missing'],
      ] as const) {
        await page.goto(path)
        await page.locator('h1').first().waitFor()
        await page.settled()
        if (name === 'customer') {
          await page.getByRole('button', { name: 'Log a conversation' }).click()
          await page
            .getByRole('button', { name: /^Details of/ })
            .first()
            .click()
        }
        for (const width of [1280, 390]) {
          await page.widen(width)
          const look = `${path} ${dark ? 'dark' : 'light'} ${width}`
          found.push(...(await axe(page)).map((each) => `${look}: ${each}`))
          const wide = await overflows(page)
          if (wide) found.push(`${look}: scrolls sideways because of ${wide}`)
          await picture(page, `${name}-${dark ? 'dark' : 'light'}-${width}`)
        }
        await page.widen(1280)
      }
      found.push(...page.complaints)
      await page.context().close()
    }
    assert.deepEqual([...new Set(found)], [])
  })
})

test('thousands of interactions are read as they come into sight', async (t) => {
  await using troth = await startTroth({ listen: true, register: registerValidation })
  const many = Array.from({ length: 3000 }, (_, i) =>
    happened(
      i % 2 ? 'Viewed Sofas' : 'Newsletter Sent',
      i / 4,
      i % 7 ? {} : { rating: 3, review: `Words ${i}` },
    ),
  )
  const [first] = await recordInteractions(troth.store, many, { source: 'api:1', again: 'keep' })
  const id = first && first.status !== 'rejected' ? first.customerId : 0
  await withBrowser(t, async (browser) => {
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'viewer')
    await page.goto(`/customers/${id}`)
    await page.getByText('Words 0', { exact: true }).waitFor()
    assert.ok((await page.getByRole('article').count()) < 80)
    await page.mouse.move(500, 500)
    // Steps smaller than the screen: what is looked for can't be passed over between two looks.
    await until('what happened 75 days ago', async () => {
      await page.mouse.wheel(0, 500)
      return page.getByText('Words 301', { exact: true }).isVisible()
    })
    assert.ok((await page.getByRole('article').count()) < 80)
    assert.deepEqual(page.complaints, [])
  })
})
