// How a file is read: its cells, its letters, its first rows.
import { Checkbox, Select } from '@mantine/core'
import { Card } from '../parts/page.tsx'
import { delimiterWords, type Look } from './words.ts'

export interface Layout {
  encoding?: string
  delimiter?: string
  sheet?: string
  header?: boolean
}

export function HowRead(props: { layout: Layout; change: (layout: Layout) => void; look: Look | undefined }) {
  const { layout, change, look } = props
  const set = (more: Layout) => change({ ...layout, ...more })
  return (
    <Card title="How the file is read">
      <div className="wizard-fields">
        {look?.read.sheets ? (
          <Select
            label="Sheet"
            data={look.read.sheets}
            value={look.read.sheet ?? null}
            allowDeselect={false}
            onChange={(sheet) => (sheet ? set({ sheet }) : null)}
          />
        ) : null}
        {!look || look.read.delimiter ? (
          <Select
            label="Cells are separated by"
            data={[
              ...Object.entries(delimiterWords).map(([value, label]) => ({ value, label })),
              ...(look?.read.delimiter && !delimiterWords[look.read.delimiter]
                ? [{ value: look.read.delimiter, label: look.read.delimiter }]
                : []),
            ]}
            value={layout.delimiter ?? look?.read.delimiter ?? null}
            allowDeselect={false}
            onChange={(delimiter) => (delimiter ? set({ delimiter }) : null)}
          />
        ) : null}
        {!look || look.read.encoding ? (
          <Select
            label="Letters are written in"
            searchable
            data={[
              'utf-8',
              'windows-1252',
              'windows-1250',
              'windows-1251',
              'utf-16le',
              'macintosh',
              'shift_jis',
              'gb18030',
            ]}
            value={layout.encoding ?? look?.read.encoding ?? null}
            allowDeselect={false}
            onChange={(encoding) => (encoding ? set({ encoding }) : null)}
          />
        ) : null}
        <Checkbox
          label="The first row names the columns"
          checked={layout.header ?? true}
          onChange={(event) => set({ header: event.currentTarget.checked })}
          pb={8}
        />
      </div>
      {look ? (
        <>
          {[
            ...look.read.notes,
            ...(look.read.refused > 0 ? [`${look.read.refused} lines could not be read`] : []),
          ].map((note) => (
            <p key={note} className="n" style={{ margin: '8px 0 0' }}>
              {note}
            </p>
          ))}
          <details style={{ marginTop: 10 }}>
            <summary>The first rows, as they stand in the file</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard too */}
            <section className="table-wrap first-rows" aria-label="The first rows" tabIndex={0}>
              <table className="data">
                <thead>
                  <tr>
                    <th scope="col">Line</th>
                    {look.columns.map(({ name }) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {look.rows.map(({ line, cells }) => (
                    <tr key={line}>
                      <td className="n">{line}</td>
                      {look.columns.map(({ name }, index) => (
                        <td key={name}>{cells[index]}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </details>
        </>
      ) : null}
    </Card>
  )
}
