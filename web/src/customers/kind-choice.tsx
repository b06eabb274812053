import { NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { useSubmit } from '../lib/submit.ts'

/** Says whether a customer is a person or a company. */
export function KindChoice({ customer }: { customer: { id: number; kind: 'person' | 'company' } }) {
  const may = useMay('member')
  const queries = useQueryClient()
  const form = useSubmit()
  if (!may) return null
  return (
    <NativeSelect
      size="xs"
      label="A person or a company?"
      value={customer.kind}
      error={form.message}
      onChange={(event) => {
        const kind = event.currentTarget.value as 'person' | 'company'
        void form.submit(async () => {
          await reply(
            api.api.customers[':id'].kind.$put({ param: { id: String(customer.id) }, json: { kind } }),
          )
          await queries.invalidateQueries({ queryKey: ['customer', customer.id] })
        })
      }}
      data={[
        { value: 'person', label: 'a person' },
        { value: 'company', label: 'a company' },
      ]}
    />
  )
}
