import { Button, Group, Modal, NativeSelect, NumberInput, Stack, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { mapQuery } from '../../journey/api.ts'
import { api, reply } from '../../lib/api.ts'
import { useSubmit } from '../../lib/submit.ts'
import { toast } from '../../parts/actions.tsx'

interface Arm {
  key: number
  spend: number
  customers: number
  returned: number
}

const few: Arm[] = [
  { key: 0, spend: 0, customers: 0, returned: 0 },
  { key: 1, spend: 0, customers: 0, returned: 0 },
]

/** What a randomised test showed: who was left out, and each amount that was tried. */
export function RecordTest({ close }: { close: () => void }) {
  const places = useQuery(mapQuery({})).data?.touchpoints ?? []
  const [touchpoint, setTouchpoint] = useState('')
  const [name, setName] = useState('')
  const [endedOn, setEndedOn] = useState(new Date().toISOString().slice(0, 10))
  const [arms, setArms] = useState<Arm[]>(few)
  const form = useSubmit()
  const queries = useQueryClient()
  const set = (key: number, change: Partial<Arm>) =>
    setArms(arms.map((arm) => (arm.key === key ? { ...arm, ...change } : arm)))
  async function save() {
    const json = {
      touchpointId: Number(touchpoint),
      name,
      endedOn,
      arms: arms.map(({ key, spend, customers, returned }) => ({
        spendMinor: key === 0 ? 0 : Math.round(spend * 100),
        customers,
        returned,
      })),
    }
    await reply(api.api['holdout-results'].$post({ json }))
    await queries.invalidateQueries({ queryKey: ['question', 'budget'] })
    toast(`“${name}” is recorded.`)
  }
  return (
    <Modal opened onClose={close} title="Record what a test showed" centered size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit(save).then((done) => {
            if (done) close()
          })
        }}
      >
        <Stack gap="sm">
          <NativeSelect
            label="Where"
            value={touchpoint}
            onChange={(event) => setTouchpoint(event.currentTarget.value)}
            required
            data={[
              { value: '', label: 'Choose a moment', disabled: true },
              ...places.map((place) => ({ value: String(place.id), label: place.name })),
            ]}
          />
          <TextInput
            label="What was tried"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={form.wrong('name')}
            required
          />
          <TextInput
            type="date"
            label="Ended on"
            value={endedOn}
            onChange={(event) => setEndedOn(event.currentTarget.value)}
            error={form.wrong('endedOn')}
            required
          />
          {arms.map((arm, index) => (
            <fieldset className="arm" key={arm.key}>
              <legend>
                {arm.key === 0 ? 'Left out at random' : `Got it${arms.length > 2 ? `, group ${index}` : ''}`}
              </legend>
              <Group align="end" grow>
                {arm.key === 0 ? null : (
                  <NumberInput
                    label="Spent for each"
                    min={0}
                    decimalScale={2}
                    value={arm.spend}
                    onChange={(value) => set(arm.key, { spend: Number(value) })}
                  />
                )}
                <NumberInput
                  label="Customers"
                  min={0}
                  allowDecimal={false}
                  value={arm.customers}
                  onChange={(value) => set(arm.key, { customers: Number(value) })}
                />
                <NumberInput
                  label="Came back"
                  min={0}
                  allowDecimal={false}
                  value={arm.returned}
                  onChange={(value) => set(arm.key, { returned: Number(value) })}
                />
              </Group>
            </fieldset>
          ))}
          {form.message ? (
            <p role="alert" className="bad">
              {form.message}
            </p>
          ) : null}
          <Group justify="space-between">
            <Button
              variant="default"
              disabled={arms.length >= 6}
              onClick={() => setArms([...arms, { key: arms.length, spend: 0, customers: 0, returned: 0 }])}
            >
              Another amount
            </Button>
            <Button type="submit" loading={form.busy} disabled={touchpoint === ''}>
              Record it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
