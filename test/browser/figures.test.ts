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
    for (const width of [1280, 390]) {
      await t.test(
        `at ${width} everything is drawn, whatever the data are, and nothing sticks out`,
        async () => {
          const page = await shown(browser, gallery, '/', width)
          assert.equal(await overflows(page), '')
          assert.doesNotMatch(await page.locator('main').innerHTML(), /NaN|undefined|Infinity/)
          assert.deepEqual(page.complaints, [])
          await page.context().close()
        },
      )
      await t.test(`axe finds nothing in the light and in the dark at ${width}`, async () => {
        const page = await shown(browser, gallery, '/?first', width)
        assert.deepEqual(await axe(page), [])
        await page.emulateMedia({ colorScheme: 'dark' })
        await page.locator('[data-mantine-color-scheme=dark]').first().waitFor()
        assert.deepEqual(await axe(page), [])
        await page.context().close()
      })
    }

    const page = await shown(browser, gallery, '/?first', 1280)
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
    assert.deepEqual(page.complaints, [])
  })
})

async function shown(browser: Browser, gallery: Gallery, path: string, width: number) {
  const page = await openPage(browser, gallery, { width })
  await page.goto(path)
  await page.locator('.figure').last().waitFor()
  return page
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

async function exports(page: Page, figure: Locator, kind: string): Promise<void> {
  const take = async (item: string): Promise<{ name: string; body: Buffer }> => {
    await figure.getByRole('button', { name: /^Export/ }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ])
    return { name: file.suggestedFilename(), body: await readFile(await file.path()) }
  }
  const svg = await take('Picture as SVG')
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
  const png = await take('Picture as PNG')
  assert.equal(png.body.subarray(0, 8).toString('hex'), '89504e470d0a1a0a')
  assert.ok(png.body.readUInt32BE(16) > 900, 'twice its size')
  const folder = process.env['TROTH_SCREENSHOTS']
  if (folder) await writeFile(join(folder, `export-${kind}.png`), png.body)
  const csv = await take('Figures as CSV')
  const lines = csv.body.toString('utf8').split('\r\n')
  assert.ok(lines.length > 1 && lines.every((line) => line.length > 0))
}
