import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { registerExpectations } from '#src/expectations/expectations.ts'
import { registerImports } from '#src/imports/imports.ts'
import { rows } from '#src/store/database.ts'
import { axe, openPage, overflows, picture, signInAs, withBrowser } from './browser.ts'
import { startTroth } from './troth.ts'

const projects = `Projektnr;Kunde;E-Mail;Anfrage;Auftrag;Zugesagter Liefertermin;Geliefert am;Montage;Auftragswert;Bewertung;Kommentar
P-1;Jörg Maß;joerg@example.com;02.01.2024;15.01.2024;01.03.2024;05.03.2024;07.03.2024;12.500,00;2;Zu spät geliefert, aber die Küche ist sehr schön geworden
P-2;Ute Lang;ute@example.com;03.01.2024;20.01.2024;15.03.2024;14.03.2024;;8.990,50;5;
P-3;Kim Roth;keine;04.01.2024;;;;;;;
`

test('a file is dropped, its columns are named, its rows are seen, brought in and taken back', async (t) => {
  await withBrowser(t, async (browser) => {
    await using troth = await startTroth({
      listen: true,
      register: (store) => {
        registerImports(store)
        registerExpectations(store)
      },
    })
    const folder = mkdtempSync(join(tmpdir(), 'troth-drop-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'Projekte.csv')
    writeFileSync(file, Buffer.from(projects, 'latin1'))

    for (const { width, dark, name } of [
      { width: 1280, dark: false, name: 'light' },
      { width: 1280, dark: true, name: 'dark' },
      { width: 390, dark: false, name: 'narrow' },
    ]) {
      const page = await openPage(browser, troth, { width, dark })
      await signInAs(page, troth, 'manager')
      await page.goto('/imports')
      if (name === 'light') {
        await page.getByText('No files have been brought in yet').waitFor()
        assert.deepEqual(await axe(page), [])
        await picture(page, 'imports-empty')
      }
      await page.goto('/imports/new')
      await page.getByText('Drop files here').waitFor()
      await picture(page, `imports-drop-${name}`)
      assert.deepEqual(await axe(page), [])
      await page.setInputFiles('input[type=file]', file)
      await page.getByText('The first 3 rows would become').waitFor()
      await page.getByRole('heading', { name: 'Jörg Maß' }).waitFor()
      await page
        .getByText(/not taken/)
        .first()
        .waitFor()
      await picture(page, `imports-map-${name}`)
      assert.deepEqual(await axe(page), [])
      assert.equal(await overflows(page), '')

      await page.getByRole('button', { name: 'Bring all rows in' }).click()
      await page.waitForURL(/\/imports\/\d+$/)
      await troth.store.jobs.drain()
      await page.getByText('Done', { exact: true }).waitFor()
      await page.getByText('Rows that could not be taken').waitFor()
      await page.getByRole('button', { name: 'Show it' }).click()
      await page.getByText('name: projekte').waitFor()
      await picture(page, `imports-done-${name}`)
      assert.deepEqual(await axe(page), [])
      assert.equal(await overflows(page), '')
      assert.deepEqual(page.complaints, [])
      if (name === 'narrow') {
        await page.getByRole('button', { name: 'Take it back' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click()
        await page.getByText('Being taken back').first().waitFor()
        await troth.store.jobs.drain()
        await page.getByText('has been taken back').waitFor()
      }
      if (name === 'dark') {
        await page.goto('/imports')
        await page.getByRole('link', { name: 'Projekte' }).first().waitFor()
        await picture(page, 'imports-list-dark')
        assert.deepEqual(await axe(page), [])
      }
      await page.context().close()
    }
  })
})

test('of several files dropped at once, one follows the other', async (t) => {
  await withBrowser(t, async (browser) => {
    await using troth = await startTroth({ listen: true, register: registerImports })
    const folder = mkdtempSync(join(tmpdir(), 'troth-drop-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const files = ['calls.csv', 'people.csv'].map((name) => join(folder, name))
    writeFileSync(files[0] ?? '', 'email,time,event\nmia@example.com,2026-01-02,Call Made\n')
    writeFileSync(files[1] ?? '', 'email,name\nmia@example.com,Mia Moll\nole@example.com,Ole Ost\n')
    const page = await openPage(browser, troth)
    await signInAs(page, troth, 'manager')
    await page.goto('/imports/new')
    await page.setInputFiles('input[type=file]', files)
    await page.getByText('The first row would become').waitFor()
    await page.getByRole('button', { name: 'Bring all rows in' }).click()
    await page.getByText('1 file of 2 brought in. Now people.csv.').waitFor()
    await page.getByText('The first 2 rows would become').waitFor()
    assert.deepEqual(await axe(page), [])
    await picture(page, 'imports-second-file')
    await page.getByRole('button', { name: 'Bring all rows in' }).click()
    await page.waitForURL(/\/imports\/2$/)
    await troth.store.jobs.drain()
    await page.getByText('Done', { exact: true }).waitFor()
    const people = await rows(
      troth.store.db,
      sql<{ name: string | null }>`select name from customers order by 1`,
    )
    assert.deepEqual(people, [{ name: 'Mia Moll' }, { name: 'Ole Ost' }])
    assert.deepEqual(page.complaints, [])
    await page.context().close()
  })
})
