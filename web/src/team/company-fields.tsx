import { Radio, Select, Stack, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { countries, currencies, timeZones } from '../lib/places.ts'

export interface Company {
  name: string
  timeZone: string
  currency: string
  country: string
  buying: 'once' | 'again' | 'renew'
}

/** Whose company this is, and how its customers buy. */
export function CompanyFields(props: {
  value: Company
  onChange: (value: Company) => void
  wrong: (field: keyof Company) => string | undefined
  disabled?: boolean
}) {
  const { value, onChange, wrong, disabled = false } = props
  const lists = useMemo(() => ({ zones: timeZones(), money: currencies(), lands: countries() }), [])
  return (
    <>
      <TextInput
        label="Company"
        autoComplete="organization"
        required
        maxLength={120}
        disabled={disabled}
        value={value.name}
        error={wrong('name')}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
      />
      <div className="field-pair">
        <Select
          label="Country"
          description="For phone numbers without a country code"
          searchable
          required
          disabled={disabled}
          data={lists.lands}
          value={value.country}
          error={wrong('country')}
          onChange={(country) => country && onChange({ ...value, country })}
        />
        <Select
          label="Currency"
          description="For amounts without one"
          searchable
          required
          disabled={disabled}
          data={lists.money}
          value={value.currency}
          error={wrong('currency')}
          onChange={(currency) => currency && onChange({ ...value, currency })}
        />
      </div>
      <Select
        label="Time zone"
        description="In which your days begin and end"
        searchable
        required
        disabled={disabled}
        limit={100}
        data={lists.zones}
        value={value.timeZone}
        error={wrong('timeZone')}
        onChange={(timeZone) => timeZone && onChange({ ...value, timeZone })}
      />
      <Radio.Group
        label="How do your customers buy?"
        description="What counts as coming back follows from it."
        required
        value={value.buying}
        error={wrong('buying')}
        onChange={(buying) => onChange({ ...value, buying: buying as Company['buying'] })}
      >
        <Stack gap={8} mt={8}>
          <Radio
            value="once"
            disabled={disabled}
            label="Once, mostly"
            description="A kitchen, a house: they come back by sending others"
          />
          <Radio
            value="again"
            disabled={disabled}
            label="Again, when they need something"
            description="A shop, a workshop: they come back by the next order"
          />
          <Radio
            value="renew"
            disabled={disabled}
            label="By contract or subscription"
            description="They come back by renewing"
          />
        </Stack>
      </Radio.Group>
    </>
  )
}
