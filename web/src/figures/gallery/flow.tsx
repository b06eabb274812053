import { useState } from 'react'
import type { FlowLink, FlowPlace, FlowStage } from '../flow-gather.ts'
import { FlowGraph } from '../flow-graph.tsx'
import { dice, open, sixtyNames } from './data.ts'

const stages: FlowStage[] = [
  { id: 'discover', name: 'Discover', side: 'before' },
  { id: 'consider', name: 'Consider and compare', side: 'before' },
  { id: 'decide', name: 'Decide', side: 'before' },
  { id: 'receive', name: 'Receive', side: 'after' },
  { id: 'use', name: 'Use', side: 'after' },
  { id: 'return', name: 'Return & recommend', side: 'after' },
]
const shop: FlowPlace[] = (
  [
    ['Advert', 'discover'],
    ['Showroom visit', 'consider'],
    ['Website guide', 'consider'],
    ['Design meeting', 'decide'],
    ['Proposal', 'decide'],
    ['Order', 'decide'],
    ['Order updates', 'receive'],
    ['Delivery', 'receive'],
    ['Assembly', 'use'],
    ['Invoice', 'use'],
    ['Support call', 'use'],
    ['Second order', 'return'],
    ['Referral', 'return'],
  ] satisfies [string, string][]
).map(([name, stageId]) => ({ id: name, name, stageId }))
const steps: FlowLink[] = (
  [
    ['Advert', 'Website guide', 2400, 0.52, '2 days'],
    ['Advert', 'Showroom visit', 900, 0.2, '6 days'],
    ['Website guide', 'Showroom visit', 1300, 0.44, '3 days'],
    ['Website guide', 'Website guide', 700, 0.24, '1 day'],
    ['Showroom visit', 'Design meeting', 1500, 0.61, '5 days'],
    ['Design meeting', 'Proposal', 1400, 0.8, '4 days'],
    ['Proposal', 'Design meeting', 300, 0.17, '3 days'],
    ['Proposal', 'Order', 1200, 0.68, '2 days'],
    ['Website guide', 'Order', 260, 0.09, '9 days'],
    ['Order', 'Order updates', 1100, 0.7, '1 day'],
    ['Order', 'Invoice', 250, 0.16, '5 hours'],
    ['Order updates', 'Delivery', 1600, 0.77, '12 days'],
    ['Delivery', 'Assembly', 1000, 0.48, '1 day'],
    ['Delivery', 'Support call', 420, 0.2, '2 days'],
    ['Assembly', 'Support call', 310, 0.3, '6 days'],
    ['Support call', 'Order updates', 190, 0.24, '2 days'],
    ['Support call', 'Support call', 280, 0.35, '3 days'],
    ['Assembly', 'Second order', 240, 0.22, '5 months'],
    ['Assembly', 'Referral', 90, 0.08, '2 months'],
    ['Second order', 'Design meeting', 120, 0.4, '1 week'],
  ] satisfies [string, string, number, number, string][]
).map(([from, to, n, share, wait]) => ({ from, to, n, share, wait }))

function sixty() {
  const roll = dice(21)
  const places = sixtyNames().map((name, index) => ({
    id: String(index),
    name,
    stageId: stages[Math.floor(index / 10)]?.id ?? '',
  }))
  const links = places.flatMap((place, index) =>
    Array.from({ length: 4 }, (_, turn) => {
      const to = Math.max(0, Math.min(59, index + Math.round((roll() - 0.3) * 26)))
      return { from: place.id, to: String(to), n: Math.round(roll() ** 4 * 90_000) + turn, share: roll() / 3 }
    }),
  )
  const once = new Map(links.map((link) => [`${link.from} ${link.to}`, link]))
  return { places, links: [...once.values()] }
}

function Chosen() {
  const [chosen, setChosen] = useState<string | null>('Delivery')
  return (
    <FlowGraph
      title="What usually comes next"
      sentence="After delivery comes assembly for 48 %, a support call for 20 %."
      claim="counted"
      n="16,920 steps; 9 % of all hidden"
      stages={stages}
      places={shop}
      links={steps}
      chosen={chosen}
      onChoose={(place) => {
        setChosen(place.id)
        open(place)
      }}
    />
  )
}
export function flow() {
  return (
    <>
      <Chosen />
      <FlowGraph title="Sixty touchpoints" claim="counted" stages={stages} {...sixty()} />
      <FlowGraph
        title="One step, to itself"
        claim="counted"
        stages={stages}
        places={shop}
        links={[{ from: 'Order', to: 'Order', n: 1, share: 1 }]}
      />
      <FlowGraph title="No step" claim="counted" stages={stages} places={shop} links={[]} />
    </>
  )
}
