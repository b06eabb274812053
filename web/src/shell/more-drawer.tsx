import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'

/** On a narrow screen: everything that has no room in the bar below. */
export function MoreDrawer(props: { close: () => void; title: string; children: ReactNode }) {
  return (
    <Drawer opened onClose={props.close} position="bottom" size="auto" title={props.title}>
      {props.children}
    </Drawer>
  )
}
