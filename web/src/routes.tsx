// Every page of the web app. A room adds a route (its page loaded when first opened) and lists it below;
// its line in the menu goes into shell/nav.ts. One list, though long: here it says which address is which page.
import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readFilter } from './customers/list/filters.ts'
import { readSearch as readExpectationSearch } from './expectations/search.ts'
import { readSearch } from './journey/scope.ts'
import { questionAddress } from './learn/question-search.ts'
import { sessionQuery } from './lib/session.ts'
import { Shell } from './shell/shell.tsx'
import { BrokenPage, NotFoundPage } from './shell/trouble.tsx'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet })

// ---- before somebody is signed in
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { link?: 'old'; to?: string } => ({
    ...(search['link'] === 'old' ? { link: 'old' as const } : {}),
    ...(typeof search['to'] === 'string' ? { to: search['to'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./team/sign-in-page.tsx'), 'SignInPage'),
})
const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/first-run',
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData(sessionQuery)
    if (!me.firstRun) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('./team/first-run-page.tsx'), 'FirstRunPage'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('./team/join-page.tsx'), 'JoinPage'),
})

// ---- the house: only for who is signed in
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(sessionQuery)
    if (me.role !== null) return
    if (me.firstRun) throw redirect({ to: '/first-run' })
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } })
  },
})

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./today/today-page.tsx'), 'TodayPage'),
})
const welcome = createRoute({
  getParentRoute: () => shell,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./team/welcome-page.tsx'), 'WelcomePage'),
})
const sendEvents = createRoute({
  getParentRoute: () => shell,
  path: '/send-events',
  component: lazyRouteComponent(() => import('./team/send-events-page.tsx'), 'SendEventsPage'),
})
const apiReference = createRoute({
  getParentRoute: () => shell,
  path: '/docs/api',
  component: lazyRouteComponent(() => import('./docs/api-page.tsx'), 'ApiPage'),
})

const journey = createRoute({
  getParentRoute: () => shell,
  path: '/journey',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./journey/journey-page.tsx'), 'JourneyPage'),
})

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-layout.tsx'), 'SettingsLayout'),
})
const company = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('./settings/company-page.tsx'), 'CompanyPage'),
})
const account = createRoute({
  getParentRoute: () => settings,
  path: '/account',
  component: lazyRouteComponent(() => import('./settings/account-page.tsx'), 'AccountPage'),
})
const team = createRoute({
  getParentRoute: () => settings,
  path: '/team',
  component: lazyRouteComponent(() => import('./settings/team-page.tsx'), 'TeamPage'),
})
const keys = createRoute({
  getParentRoute: () => settings,
  path: '/keys',
  component: lazyRouteComponent(() => import('./settings/keys-page.tsx'), 'KeysPage'),
})
const changes = createRoute({
  getParentRoute: () => settings,
  path: '/changes',
  component: lazyRouteComponent(() => import('./settings/changes-page.tsx'), 'ChangesPage'),
})
const editJourney = createRoute({
  getParentRoute: () => shell,
  path: '/journey/edit',
  component: lazyRouteComponent(() => import('./journey/edit/edit-page.tsx'), 'EditJourneyPage'),
})

const validation = createRoute({
  getParentRoute: () => settings,
  path: '/validation',
  component: lazyRouteComponent(() => import('./settings/validation-page.tsx'), 'ValidationPage'),
})

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import('./customers/list/list-page.tsx'), 'CustomersPage'),
})
const segments = createRoute({
  getParentRoute: () => shell,
  path: '/customers/segments',
  component: lazyRouteComponent(() => import('./customers/segments/segments-page.tsx'), 'SegmentsPage'),
})
const segment = createRoute({
  getParentRoute: () => shell,
  path: '/customers/segments/$id',
  component: lazyRouteComponent(() => import('./customers/segments/segment-page.tsx'), 'SegmentPage'),
})
const voices = createRoute({
  getParentRoute: () => shell,
  path: '/customers/voices',
  component: lazyRouteComponent(() => import('./customers/voices/voices-page.tsx'), 'VoicesPage'),
})
const joined = createRoute({
  getParentRoute: () => shell,
  path: '/customers/joined',
  component: lazyRouteComponent(() => import('./customers/joined/joined-page.tsx'), 'JoinedPage'),
})
const customer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$id',
  component: lazyRouteComponent(() => import('./customers/customer-page.tsx'), 'CustomerPage'),
})

const expectations = createRoute({
  getParentRoute: () => shell,
  path: '/expectations',
  validateSearch: readExpectationSearch,
  component: lazyRouteComponent(() => import('./expectations/expectations-page.tsx'), 'ExpectationsPage'),
})
const promises = createRoute({
  getParentRoute: () => shell,
  path: '/expectations/promises',
  component: lazyRouteComponent(() => import('./expectations/promises-page.tsx'), 'PromisesPage'),
})
const promise = createRoute({
  getParentRoute: () => shell,
  path: '/expectations/promises/$id',
  component: lazyRouteComponent(() => import('./expectations/promise-editor-page.tsx'), 'PromiseEditorPage'),
})

const learn = createRoute({
  getParentRoute: () => shell,
  path: '/learn',
  component: lazyRouteComponent(() => import('./learn/learn-page.tsx'), 'LearnPage'),
})
const touchpoints = createRoute({
  getParentRoute: () => shell,
  path: '/learn/touchpoints',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/touchpoints/touchpoints-page.tsx'), 'TouchpointsPage'),
})
const effects = createRoute({
  getParentRoute: () => shell,
  path: '/learn/effects',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/effects/effects-page.tsx'), 'EffectsPage'),
})
const flows = createRoute({
  getParentRoute: () => shell,
  path: '/learn/flows',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/flows/flows-page.tsx'), 'FlowsPage'),
})
const attribution = createRoute({
  getParentRoute: () => shell,
  path: '/learn/attribution',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/attribution/attribution-page.tsx'), 'AttributionPage'),
})
const budget = createRoute({
  getParentRoute: () => shell,
  path: '/learn/budget',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/budget/budget-page.tsx'), 'BudgetPage'),
})
const words = createRoute({
  getParentRoute: () => shell,
  path: '/learn/words',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/words/words-page.tsx'), 'WordsPage'),
})
const improvements = createRoute({
  getParentRoute: () => shell,
  path: '/learn/improvements',
  validateSearch: questionAddress,
  component: lazyRouteComponent(
    () => import('./learn/improvements/improvements-page.tsx'),
    'ImprovementsPage',
  ),
})
const returning = createRoute({
  getParentRoute: () => shell,
  path: '/learn/return',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/return/return-page.tsx'), 'ReturnPage'),
})
const winning = createRoute({
  getParentRoute: () => shell,
  path: '/learn/winning',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/winning/winning-page.tsx'), 'WinningPage'),
})
const score = createRoute({
  getParentRoute: () => shell,
  path: '/learn/score',
  validateSearch: questionAddress,
  component: lazyRouteComponent(() => import('./learn/score/score-page.tsx'), 'ScorePage'),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  component: lazyRouteComponent(() => import('./imports/imports-page.tsx'), 'ImportsPage'),
})
const newImport = createRoute({
  getParentRoute: () => shell,
  path: '/imports/new',
  validateSearch: (search: Record<string, unknown>): { again?: number } =>
    typeof search['again'] === 'number' ? { again: search['again'] } : {},
  component: lazyRouteComponent(() => import('./imports/new-import-page.tsx'), 'NewImportPage'),
})
const oneImport = createRoute({
  getParentRoute: () => shell,
  path: '/imports/$id',
  component: lazyRouteComponent(() => import('./imports/import-page.tsx'), 'ImportPage'),
})

const lost = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage })

const tree = root.addChildren([
  signIn,
  firstRun,
  join,
  shell.addChildren([
    today,
    journey,
    welcome,
    sendEvents,
    apiReference,
    editJourney,
    customers,
    segments,
    segment,
    voices,
    joined,
    customer,
    expectations,
    promises,
    promise,
    learn,
    touchpoints,
    effects,
    flows,
    attribution,
    returning,
    winning,
    improvements,
    budget,
    words,
    score,
    imports,
    newImport,
    oneImport,
    lost,
    settings.addChildren([company, account, team, keys, validation, changes]),
  ]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: BrokenPage,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
