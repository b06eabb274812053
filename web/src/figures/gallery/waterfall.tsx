import { Waterfall } from '../waterfall.tsx'
import { dice, longNames, open } from './data.ts'

const steps = [
  { id: '1', name: 'Design meeting, “Anna listened”', value: 14 },
  { id: '2', name: 'Delivered four days late', value: -22 },
  { id: '3', name: 'Assembly on time', value: 9 },
  { id: '4', name: 'Called twice about the same drawer', value: -13 },
]
export function waterfall() {
  const roll = dice(11)
  const many = Array.from({ length: 60 }, (_, index) => ({
    id: String(index),
    name: `${longNames[index % 6]} ${index}`,
    value: roll() * 8 - 4,
  }))
  return (
    <>
      <Waterfall
        title="Is the choice confirmed?"
        sentence={
          <>
            <b>38</b> of 100: delivered late, and called twice about the same drawer.
          </>
        }
        claim="counted"
        n="6 experiences"
        start={{ name: 'Where everybody begins', value: 50 }}
        steps={steps}
        end={{ name: 'Now', value: 38, low: 24, high: 55 }}
        onOpen={open}
      />
      <Waterfall
        title="Sixty small ones, and a difference"
        claim="counted"
        start={{ name: 'Where everybody begins', value: 50 }}
        steps={many}
        end={{ name: 'Now', value: 90 }}
      />
      <Waterfall
        title="Only one, and nothing changed"
        claim="counted"
        start={{ name: 'Where everybody begins', value: 50 }}
        steps={[{ id: '1', name: 'Read the guide', value: 0 }]}
        end={{ name: 'Now', value: 50 }}
      />
      <Waterfall
        title="Nothing happened"
        claim="counted"
        start={{ name: 'Where everybody begins', value: 50 }}
        steps={[]}
        end={{ name: 'Now', value: 50 }}
      />
    </>
  )
}
