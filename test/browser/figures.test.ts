// Every kind of figure, with a shop's data and with data that break pictures, as a person meets it.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { axe, openPage, overflows, withBrowser } from '../browser.ts'
import { type Gallery, startGallery } from '../gallery.ts'

test('figures are right to look at, to walk through and to take along', async (t) => {
  await using gallery = await startGallery()
  await withBrowser(t, async (browser) => {
    const all = await shown(browser, gallery, '/')
    for (const width of [1280, 390])
      await t.test(
        `at ${width} everything is drawn, whatever the data are, and nothing sticks out`,
        async () => {
          await all.setViewportSize({ width, height: 800 })
          await drawnAnew(all)
          assert.equal(await overflows(all), '')
          assert.doesNotMatch(await all.locator('main').innerHTML(), /NaN|undefined|Infinity/)
          assert.deepEqual(all.complaints, [])
        },
      )
    await all.context().close()

    const page = await shown(browser, gallery, '/?first')
    for (const [width, colorScheme] of [
      [390, 'light'],
      [390, 'dark'],
      [1280, 'dark'],
      [1280, 'light'],
    ] as const)
      await t.test(`axe finds nothing at ${width} in the ${colorScheme}`, async () => {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        // a page hears of another scheme when it draws
        await drawnAnew(page)
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
        await drawnAnew(page)
        assert.deepEqual(await axe(page), [])
      })
    const kinds = await page
      .locator('[data-kind]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-kind') ?? ''))
    for (const kind of kinds) {
      const figure = page.locator(`[data-kind=${kind}] .figure`).first()
      await t.test(`${kind}: arrow keys go from mark to mark, each says its sentence, Enter opens it`, () =>
        walks(page, figure),
      )
      await t.test(`${kind}: the same as a table`, () => tabulates(figure))
      await t.test(`${kind}: exported files stand on their own`, () => exports(page, figure, kind))
    }
    await t.test(
      'the pointer finds the nearest mark; its sentence stays while it is read; a click opens it',
      () => points(page, page.locator('[data-kind=importance] .figure')),
    )
    await t.test('a step in the flow graph: larger, all of it again', () =>
      zooms(page, page.locator('[data-kind=flow] .figure')),
    )
    await t.test(
      'on a phone the arrow keys bring a cell out from under the names, and a first tap only tells',
      () => scrolls(browser, gallery),
    )
    await t.test('a picture taken along from a dark page is light', async () => {
      await page.emulateMedia({ colorScheme: 'dark' })
      await drawnAnew(page)
      const svg = await take(page, page.locator('[data-kind=dose] .figure'), 'Picture as SVG')
      assert.match(svg.body.toString('utf8'), /<rect[^>]* fill="rgb\(255, 255, 255\)"/)
    })
    assert.deepEqual(page.complaints, [])
  })
})

async function shown(browser: Browser, gallery: Gallery, path: string) {
  const page = await openPage(browser, gallery)
  await page.goto(path)
  await page.locator('.figure').last().waitFor()
  return page
}

/** Figures follow the width in the frame after the next. */
async function drawnAnew(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50))))',
  )
}

async function walks(page: Page, figure: Locator): Promise<void> {
  const stops = figure.locator('[data-mark][tabindex="0"]')
  assert.equal(await stops.count(), 1, 'one stop for the tab key')
  await stops.focus()
  const said = new Set<string>()
  for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
    await page.keyboard.press(key)
    const focused = figure.locator('[data-mark]:focus')
    const sentence = await focused.getAttribute('aria-label')
    assert.match(sentence ?? '', /\p{L}.*\.$/u, 'a whole sentence')
    assert.equal(await figure.locator('.fig-tip > span').first().textContent(), sentence)
    said.add(sentence ?? '')
  }
  assert.ok(said.size > 1, 'the arrows lead somewhere')
  await page.keyboard.press('Enter')
  const sentence = await figure.locator('[data-mark]:focus').getAttribute('aria-label')
  assert.equal(await page.locator('#opened').textContent().then(Boolean), true, `nothing opened: ${sentence}`)
  await page.keyboard.press('Escape')
  assert.equal(await figure.locator('.fig-tip').count(), 0)
}

async function tabulates(figure: Locator): Promise<void> {
  const hidden = await figure.locator('.hidden-visually table tbody tr').count()
  assert.ok(hidden > 0, 'a table for who hears the page')
  await figure.getByRole('button', { name: /as a table$/ }).click()
  assert.equal(await figure.locator('table.data tbody tr').count(), hidden)
  await figure.getByRole('button', { name: /as a table$/ }).click()
  await figure.locator('svg[data-figure=picture]').waitFor({ state: 'visible' })
}

async function points(page: Page, figure: Locator): Promise<void> {
  const spot = figure.locator('[data-mark=Delivery]')
  await spot.scrollIntoViewIfNeeded()
  const box = await spot.boundingBox()
  assert.ok(box)
  await page.mouse.move(box.x + box.width / 2 + 14, box.y + box.height / 2)
  const tip = figure.locator('.fig-tip')
  assert.match((await tip.textContent()) ?? '', /^Delivery: 23/)
  await tip.hover()
  await page.waitForTimeout(300)
  assert.equal(await tip.count(), 1)
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  assert.match((await page.locator('#opened').textContent()) ?? '', /"name":"Delivery"/)
  await page.mouse.move(0, 0)
  await tip.waitFor({ state: 'detached' })
}

async function zooms(page: Page, figure: Locator): Promise<void> {
  const svg = figure.locator('svg[data-figure=picture]')
  const wide = async () => (await svg.boundingBox())?.width ?? 0
  const before = await wide()
  await figure.locator('[data-mark][tabindex="0"]').focus()
  await page.keyboard.press('+')
  await drawnAnew(page)
  assert.ok((await wide()) > before * 1.2)
  await figure.getByRole('button', { name: 'All of it' }).click()
  await drawnAnew(page)
  assert.ok(Math.abs((await wide()) - before) < 2)
}

async function scrolls(browser: Browser, gallery: Gallery): Promise<void> {
  const page = await openPage(browser, gallery, { width: 390, hasTouch: true })
  await page.goto('/?first&only=cohort')
  const figure = page.locator('.figure')
  await figure.locator('[data-mark][tabindex="0"]').focus()
  await page.keyboard.press('End')
  for (let turn = 0; turn < 14; turn++) await page.keyboard.press('ArrowLeft')
  const [cell, head] = [
    await figure.locator('[data-mark]:focus').boundingBox(),
    await figure.locator('.coh-head').boundingBox(),
  ]
  assert.ok(cell && head && cell.x >= head.x + head.width - 4, `${cell?.x} lies under ${head?.width}`)
  const tap = () => figure.locator('svg[data-figure=picture]').tap({ position: { x: 200, y: 90 } })
  await tap()
  await figure.locator('.fig-tip').waitFor()
  // as long as it takes to read it
  await page.waitForTimeout(400)
  assert.equal(await figure.locator('.fig-tip').count(), 1)
  assert.equal(await page.locator('#opened').textContent(), '')
  await tap()
  await page.locator('#opened:not(:empty)').waitFor()
  await page.context().close()
}

async function take(page: Page, figure: Locator, item: string): Promise<{ name: string; body: Buffer }> {
  await figure.getByRole('button', { name: /^Export/ }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ])
  return { name: file.suggestedFilename(), body: await readFile(await file.path()) }
}

async function exports(page: Page, figure: Locator, kind: string): Promise<void> {
  const svg = await take(page, figure, 'Picture as SVG')
  assert.match(svg.name, /^[\p{L}\p{N}-]+-\d{4}-\d\d-\d\d\.svg$/u)
  const text = svg.body.toString('utf8')
  const drawn = text.replace(/<style>.*<\/style>/s, '')
  assert.notEqual(drawn.length, text.length, 'its letters travel with it')
  assert.doesNotMatch(drawn, / class="| style="|var\(|NaN|currentcolor/i)
  assert.match(drawn, /^<svg[^>]* width="\d+"/)
  const wrong = await page.evaluate(
    `new DOMParser().parseFromString(${JSON.stringify(drawn)}, 'image/svg+xml').querySelector('parsererror')?.textContent ?? ''`,
  )
  assert.equal(wrong, '')
  const png = await take(page, figure, 'Picture as PNG')
  assert.equal(png.body.subarray(0, 8).toString('hex'), '89504e470d0a1a0a')
  assert.ok(png.body.readUInt32BE(16) > 900, 'twice its size')
  const folder = process.env['TROTH_SCREENSHOTS']
  if (folder) await writeFile(join(folder, `export-${kind}.png`), png.body)
  const csv = await take(page, figure, 'Figures as CSV')
  const lines = csv.body.toString('utf8').split('\r\n')
  assert.ok(lines.length > 1 && lines.every((line) => line.length > 0))
}
