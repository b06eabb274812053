import { Link } from '@tanstack/react-router'
import './customers.css'

const pages = [
  ['/customers', 'Everybody'],
  ['/customers/segments', 'Segments'],
  ['/customers/voices', 'Voices'],
  ['/customers/joined', 'Joined'],
] as const

/** The pages about customers. */
export function CustomersNav() {
  return (
    <nav className="customers-nav" aria-label="Customers">
      {pages.map(([to, label]) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/customers', includeSearch: false }}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
