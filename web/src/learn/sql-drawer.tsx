import { Button, CopyButton, Drawer } from '@mantine/core'

/** The queries behind an answer, each to be copied and run again. */
export function SqlDrawer({
  queries,
  close,
}: {
  queries: { about: string; sql: string }[]
  close: () => void
}) {
  return (
    <Drawer opened onClose={close} position="right" size="lg" title="The SQL behind these numbers">
      <p className="n">
        Each text runs as it is on PostgreSQL after <code>set search_path = projection</code>. Times are
        microseconds since 1970.
      </p>
      {queries.map((query, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the queries of one answer keep their order
        <section key={index} className="sql">
          <h3>
            {query.about}
            <CopyButton value={`set search_path = projection;\n${query.sql};\n`}>
              {({ copied, copy }) => (
                <Button size="compact-xs" variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long query is scrolled by keyboard too */}
          <pre tabIndex={0}>{query.sql}</pre>
        </section>
      ))}
    </Drawer>
  )
}
