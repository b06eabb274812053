import { Link, Outlet } from '@tanstack/react-router'
import { useMay } from '../lib/session.ts'
import './settings.css'

/** The settings' pages, with their menu above. */
export function SettingsLayout() {
  const owner = useMay('owner')
  return (
    <>
      <nav className="settings-nav" aria-label="Settings">
        <Link to="/settings" activeOptions={{ exact: true }}>
          Company
        </Link>
        <Link to="/settings/account">You</Link>
        <Link to="/settings/team">Team</Link>
        <Link to="/settings/validation">Is the choice confirmed?</Link>
        {owner ? <Link to="/settings/keys">Keys</Link> : null}
        {owner ? <Link to="/settings/changes">Changes</Link> : null}
      </nav>
      <Outlet />
    </>
  )
}
