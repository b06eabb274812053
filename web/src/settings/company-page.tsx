import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, reply } from '../lib/api.ts'
import { useMay, useWorkspace } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'
import { toast } from '../parts/actions.tsx'
import { LinkButton } from '../parts/link-button.tsx'
import { Card, Page } from '../parts/page.tsx'
import { type Company, CompanyFields } from '../team/company-fields.tsx'
import { Wrong } from '../team/gate.tsx'

export function CompanyPage() {
  const workspace = useWorkspace()
  const owner = useMay('owner')
  const queries = useQueryClient()
  const form = useSubmit()
  const [company, setCompany] = useState<Company>({
    name: workspace.name,
    timeZone: workspace.timeZone,
    currency: workspace.currency,
    country: workspace.country,
    buying: workspace.buying ?? 'again',
  })

  async function submit(event: FormEvent) {
    event.preventDefault()
    const good = await form.submit(() => reply(api.api.workspace.$patch({ json: company })))
    if (!good) return
    await queries.invalidateQueries()
    toast('Saved.')
  }

  return (
    <Page title="Company">
      <div className="stack settings-form">
        <Card>
          <form className="form" onSubmit={(event) => void submit(event)}>
            <CompanyFields
              value={company}
              onChange={setCompany}
              wrong={(field) => form.wrong(field)}
              disabled={!owner}
            />
            <Wrong message={form.message} />
            {owner ? (
              <div>
                <Button type="submit" loading={form.busy}>
                  Save
                </Button>
              </div>
            ) : (
              <p className="n">Only an owner can change this.</p>
            )}
          </form>
        </Card>
        <Card title="Data">
          <p style={{ marginTop: 0 }}>Import files, send events, or load the sample company.</p>
          <LinkButton to="/welcome" variant="default">
            Ways to begin
          </LinkButton>
        </Card>
      </div>
    </Page>
  )
}
