import { ActionIcon, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, reply } from '../lib/api.ts'
import { useMay } from '../lib/session.ts'
import { toast, toastFailure } from '../parts/actions.tsx'
import { Card } from '../parts/page.tsx'
import { changeViews, pageOf, type View, viewsQuery } from './views.ts'

/** The saved views: one's own and those that others share. Silent while there are none. */
export function SavedViews() {
  const views = useQuery(viewsQuery).data?.items ?? []
  if (views.length === 0) return null
  return (
    <Card title="Saved views">
      <ul className="saved-views">
        {views.map((view) => (
          <li key={view.id}>
            <Link to={pageOf(view)} search={view.search as never}>
              {view.name}
            </Link>
            <span className="n">
              {view.mine ? (view.shared ? 'shared' : '') : `by ${view.by}`}
              {view.home ? `${view.mine && !view.shared ? '' : ' · '}on Today` : ''}
            </span>
            <ViewMenu view={view} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function ViewMenu({ view }: { view: View }) {
  const queries = useQueryClient()
  const manager = useMay('manager')
  const mayShare = useMay('member')
  const param = { id: `${view.id}` }
  const one = api.api.views[':id']
  const home = () =>
    changeViews(queries, reply(view.home ? one.home.$delete({ param }) : one.home.$put({ param })))
  const share = () => changeViews(queries, reply(one.$patch({ param, json: { shared: !view.shared } })))
  const { name, question, search, shared } = view
  async function remove() {
    await changeViews(queries, reply(one.$delete({ param })))
    toast(`“${name}” is removed.`, () =>
      changeViews(queries, reply(api.api.views.$post({ json: { name, question, search, shared } }))),
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={`What to do with ${view.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void home().catch(toastFailure)}>
          {view.home ? 'Take off my Today page' : 'Show on my Today page'}
        </Menu.Item>
        {view.mine && mayShare ? (
          <Menu.Item onClick={() => void share().catch(toastFailure)}>
            {view.shared ? 'Keep to myself' : 'Share with everybody'}
          </Menu.Item>
        ) : null}
        {view.mine || manager ? (
          <Menu.Item onClick={() => void remove().catch(toastFailure)}>Remove</Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
