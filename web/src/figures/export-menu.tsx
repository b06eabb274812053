import { ActionIcon, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { type RefObject, useState } from 'react'
import { toastFailure } from '../parts/actions.tsx'
import { csv, download } from '../parts/data-table.tsx'
import type { FigureTable, FigureWords } from './figure.tsx'

/** Takes the figure along: as a picture that looks the same elsewhere, or as its figures. */
export function ExportMenu<Row>(props: {
  figure: RefObject<HTMLElement | null>
  words: FigureWords
  table: FigureTable<Row>
}) {
  const { figure, words, table } = props
  const [busy, setBusy] = useState(false)
  const name = fileName(words.fileName ?? words.title)

  async function picture(kind: 'svg' | 'png') {
    if (!figure.current) return
    setBusy(true)
    try {
      const { asSvg, asPng } = await import('./export.ts')
      const svg = await asSvg(figure.current)
      if (kind === 'svg') download(`${name}.svg`, svg.text, 'image/svg+xml')
      else download(`${name}.png`, await asPng(svg), 'image/png')
    } catch (error) {
      toastFailure(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={busy}
          aria-label={`Export ${words.title}`}
          title="Export"
        >
          <IconDownload size={18} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void picture('svg')}>Picture as SVG</Menu.Item>
        <Menu.Item onClick={() => void picture('png')}>Picture as PNG</Menu.Item>
        <Menu.Item onClick={() => download(`${name}.csv`, csv(table.columns, table.rows))}>
          Figures as CSV
        </Menu.Item>
        {words.menu?.map((item) => (
          <Menu.Item key={item.label} onClick={item.act}>
            {item.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** "What moves with coming back" → "what-moves-with-coming-back-2026-11-22" */
function fileName(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return `${words || 'figure'}-${new Date().toISOString().slice(0, 10)}`
}
