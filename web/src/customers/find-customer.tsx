import { Combobox, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { stateNames } from '../../../src/validation/words.ts'
import { api, reply } from '../lib/api.ts'
import type { Summary } from './customer-line.tsx'

/** A field to find a customer by name, email, phone, id or order. */
export function FindCustomer(props: {
  label: string
  choose: (customer: Summary) => void
  /** Already chosen: shown in the field. */
  chosen?: number | undefined
  kind?: 'person' | 'company'
  /** Not offered: the customer that the field is about. */
  except?: number
  autoFocus?: boolean
}) {
  const [text, setText] = useState<string>()
  const [asked] = useDebouncedValue(text?.trim() ?? '', 200)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const chosen = useQuery({
    queryKey: ['customer-find', 'chosen', props.chosen],
    enabled: props.chosen !== undefined && text === undefined,
    queryFn: () => reply(api.api.customers.$get({ query: { search: String(props.chosen), limit: '5' } })),
  })
  const found = useQuery({
    queryKey: ['customer-find', asked, props.kind],
    enabled: asked.length >= 2 || /^\d+$/.test(asked),
    queryFn: () =>
      reply(
        api.api.customers.$get({
          query: { search: asked, limit: '12', sort: 'new', ...(props.kind ? { kind: props.kind } : {}) },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  const items = (found.data?.items ?? []).filter(({ id }) => id !== props.except)
  const shown = text ?? chosen.data?.items.find(({ id }) => id === props.chosen)?.label ?? ''
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(value) => {
        const customer = items.find(({ id }) => String(id) === value)
        if (!customer) return
        setText(customer.label)
        combobox.closeDropdown()
        props.choose(customer)
      }}
    >
      <Combobox.Target>
        <TextInput
          className="grow"
          label={props.label}
          placeholder="Name, email, phone, id or order"
          value={shown}
          {...(props.autoFocus ? { 'data-autofocus': true } : {})}
          onChange={(event) => {
            setText(event.currentTarget.value)
            combobox.openDropdown()
            combobox.updateSelectedOptionIndex()
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={asked === '' || found.data === undefined}>
        <Combobox.Options aria-label={props.label} mah={280} style={{ overflowY: 'auto' }}>
          {items.map((customer) => (
            <Combobox.Option key={customer.id} value={String(customer.id)}>
              <b>{customer.label}</b>
              <br />
              <span className="n">
                {[customer.email, customer.company?.label, stateNames[customer.state]]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </Combobox.Option>
          ))}
          {items.length === 0 ? <Combobox.Empty>Nobody found</Combobox.Empty> : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
