import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A link to a page of ours by the address that the server gave ("/customers?silent=30"), without loading the app anew. */
export function AddressLink(props: {
  address: string
  children: ReactNode
  className?: string
  'aria-label'?: string
}) {
  const { address, children, ...rest } = props
  const { pathname, searchParams } = new URL(address, location.origin)
  const search = Object.fromEntries(
    [...searchParams].map(([name, value]) => [name, /^-?\d{1,15}$/.test(value) ? Number(value) : value]),
  )
  return (
    <Link to={pathname} search={search} {...rest}>
      {children}
    </Link>
  )
}
