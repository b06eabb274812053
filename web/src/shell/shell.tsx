import { useDisclosure, useNetwork } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useMay, useWorkspace } from '../lib/session.ts'
import { Mark } from './mark.tsx'
import { type NavEntry, navEntries } from './nav.ts'
import { openPalette, Palette } from './palette.tsx'
import './shell.css'

const MoreDrawer = lazy(async () => ({ default: (await import('./more-drawer.tsx')).MoreDrawer }))
const Toasts = lazy(async () => ({ default: (await import('./toasts.tsx')).Toasts }))

/** The frame around every page: the menu at the left (below on a phone), the page, and what floats above it. */
export function Shell() {
  const main = useFocusOnNavigation()
  const { online } = useNetwork()
  const [open, { open: more, close }] = useDisclosure(false)
  const workspace = useWorkspace()
  const settled = useSettled()
  return (
    <>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      {online ? null : (
        <div className="offline" role="status">
          You are offline. What you see may be old; nothing you change now is saved.
        </div>
      )}
      <div className="shell">
        <nav aria-label="Pages">
          <Link to="/" className="mark">
            <Mark />
            Troth
          </Link>
          <NavLinks />
          <div className="nav-foot">
            <span>{workspace.name}</span>
            <button type="button" onClick={openPalette} title="Find a customer or page">
              <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
              <span className="hidden-visually"> Find a customer or page</span>
            </button>
          </div>
        </nav>
        <main id="page" ref={main} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <nav className="bottom-bar" aria-label="Main pages">
        {navEntries
          .filter((entry) => entry.main)
          .map((entry) => (
            <NavLink key={entry.to} entry={entry} bare />
          ))}
        <button type="button" onClick={more} aria-haspopup="dialog">
          More
        </button>
      </nav>
      <Suspense>
        {settled ? <Toasts /> : null}
        {open ? (
          <MoreDrawer close={close} title={workspace.name || 'Troth'}>
            {/* Closes once what was pressed has heard of it: earlier, it would be gone by then. */}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the links and the button in it answer to the keyboard */}
            <nav aria-label="All pages" onClick={close}>
              <NavLinks />
              <button type="button" className="nav-link plain" onClick={openPalette}>
                Find a customer or page
              </button>
            </nav>
          </MoreDrawer>
        ) : null}
      </Suspense>
      <Palette />
    </>
  )
}

/** True once the first page had time to show: what nobody waits for is loaded then. */
function useSettled(): boolean {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), 1_500)
    return () => clearTimeout(timer)
  }, [])
  return settled
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

function NavLinks() {
  return navEntries.map((entry) => <NavLink key={entry.to} entry={entry} />)
}

function NavLink({ entry, bare }: { entry: NavEntry; bare?: boolean }) {
  const may = useMay(entry.role ?? 'viewer')
  if (entry.role && !may) return null
  return (
    <Link
      to={entry.to}
      {...(bare ? {} : { className: 'nav-link' })}
      activeOptions={{ exact: entry.to === '/' }}
    >
      {entry.label}
    </Link>
  )
}

/** After going to another page the keyboard and the screen reader start at its beginning. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true })
    before.current = path
  }, [path])
  return main
}
