// A page to look at every figure; only tests build it. "?only=importance" shows one kind, "?first" one of each.
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import '@mantine/core/styles.css'
import '../../shell/tokens.css'
import '../../parts/parts.css'
import { MantineProvider } from '@mantine/core'
import { isValidElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { cssVariables, theme } from '../../shell/theme.ts'
import { cohort } from './cohorts.tsx'
import { dose } from './dose.tsx'
import { flow } from './flow.tsx'
import { funnel } from './funnel.tsx'
import { importance } from './importance.tsx'
import { intervals } from './intervals.tsx'
import { series } from './series.tsx'
import { survival } from './survival.tsx'
import { waterfall } from './waterfall.tsx'

const kinds: Record<string, () => ReactNode> = {
  importance,
  dose,
  survival,
  cohort,
  flow,
  series,
  intervals,
  waterfall,
  funnel,
}
const search = new URLSearchParams(location.search)
const only = search.get('only')
/** A figure that is the first of its kind, without the nasty ones after it. */
function first(shown: ReactNode): ReactNode {
  return isValidElement<{ children: ReactNode[] }>(shown) ? shown.props.children[0] : shown
}
const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? ''
const place = document.getElementById('root')
if (!place) throw new Error('gallery.html has no #root')
createRoot(place).render(
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    getStyleNonce={() => nonce}
  >
    <main className="page">
      <h1>Figures</h1>
      <output id="opened" className="hidden-visually" />
      {Object.entries(kinds)
        .filter(([name]) => only === null || only === name)
        .map(([name, show]) => (
          <div key={name} className="stack" style={{ marginTop: 18 }} data-kind={name}>
            {search.has('first') ? first(show()) : show()}
          </div>
        ))}
    </main>
  </MantineProvider>,
)
