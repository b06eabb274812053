import type { ReactNode } from 'react'
import { useTitle } from '../parts/page.tsx'
import { Mark } from '../shell/mark.tsx'
import './gate.css'

/** The page before the house: a mark, a heading, one form. */
export function Gate(props: { title: string; children: ReactNode; lead?: ReactNode }) {
  useTitle(props.title)
  return (
    <main className="gate">
      <div className="mark">
        <Mark />
        Troth
      </div>
      <h1>{props.title}</h1>
      {props.lead ? <p className="lead">{props.lead}</p> : null}
      {props.children}
    </main>
  )
}

export function Wrong({ message }: { message: string | undefined }) {
  return (
    <div role="alert" className="wrong">
      {message}
    </div>
  )
}
