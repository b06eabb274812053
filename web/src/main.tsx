import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@fontsource-variable/source-serif-4/wght-italic.css'
import '@mantine/core/styles.css'
import './shell/tokens.css'
import './parts/parts.css'
import { MantineProvider } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Problem } from './lib/api.ts'
import { makeRouter } from './routes.tsx'
import { cssVariables, theme } from './shell/theme.ts'

const queries = new QueryClient({
  queryCache: new QueryCache({
    // A session that ended meanwhile: back to the door, and here again afterwards.
    onError: (error) => {
      if (!(error instanceof Problem && error.status === 401)) return
      queries.removeQueries({ queryKey: ['me'] })
      const { href, pathname } = router.state.location
      if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { to: href } })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the server refused it will refuse again; what could not be reached may come back.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
  },
})
const router = makeRouter(queries)
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''

// Dialogs add a style to the page while they are open; the policy wants it to carry this page's nonce.
setNonce(nonce)

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no #root')
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
