import { Button, Code } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { Copyable } from '../parts/copyable.tsx'
import { Card, Page } from '../parts/page.tsx'
import { Wrong } from './gate.tsx'

export function SendEventsPage() {
  const owner = useMay('owner')
  const form = useSubmit()
  const [key, setKey] = useState<string>()
  const shown = key ?? 'YOUR_WRITE_KEY'
  const origin = window.location.origin

  async function makeKey() {
    await form.submit(async () => {
      const made = await reply(api.api.keys.$post({ json: { name: 'Events', scopes: ['ingest'] } }))
      setKey(made.key)
    })
  }

  return (
    <Page
      title="Send events"
      sentence="Tell Troth what happens, when it happens: an order, a delivery, a call. It answers once it is kept for good."
    >
      <div className="stack">
        <Card title="1 · A write key">
          {key ? (
            <>
              <p>This key may send events and nothing else. It is shown this once: copy it now.</p>
              <Copyable text={key} label="Copy the key" />
            </>
          ) : (
            <>
              <p>A write key may send events and read nothing, so it can live in your shop or app.</p>
              <Button loading={form.busy} disabled={!owner} onClick={() => void makeKey()}>
                Make a write key
              </Button>
              {owner ? null : <p className="n">Only an owner can make keys.</p>}
              <Wrong message={form.message} />
            </>
          )}
        </Card>
        <Card title="2 · Try it">
          <p>Paste this into a terminal. An order by a customer appears within a second.</p>
          <Copyable text={curlExample(origin, shown)} label="Copy the command" />
        </Card>
        <Card title="3 · From your own systems">
          <p>
            Troth takes what Segment’s libraries send, so they work as they are. For Node, with{' '}
            <Code>@segment/analytics-node</Code>:
          </p>
          <Copyable text={nodeExample(origin, shown)} label="Copy the lines" />
          <p className="muted">
            Events by their usual names (Order Completed, Order Delivered, Product Reviewed) find their place
            by themselves. Give the order its promised date, and Troth watches whether it holds. Everything
            else is in the <Link to="/docs/api">API reference</Link>.
          </p>
        </Card>
      </div>
    </Page>
  )
}

function curlExample(origin: string, key: string): string {
  return `curl ${origin}/v1/track -u ${key}: -H 'content-type: application/json' -d '{
  "userId": "customer-1",
  "event": "Order Completed",
  "properties": {
    "order_id": "A-1001",
    "total": 2340,
    "currency": "EUR",
    "promised_delivery_date": "${new Date(Date.now() + 21 * 86_400_000).toISOString().slice(0, 10)}"
  },
  "context": { "traits": { "name": "Miriam Castellanos", "email": "miriam@example.com" } }
}'`
}

function nodeExample(origin: string, key: string): string {
  return `import { Analytics } from '@segment/analytics-node'

const troth = new Analytics({ writeKey: '${key}', host: '${origin}' })
troth.track({
  userId: 'customer-1',
  event: 'Order Delivered',
  properties: { order_id: 'A-1001' },
})`
}
