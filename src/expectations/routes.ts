import { router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { figureRoutes } from './figure-routes.ts'
import { listRoutes } from './list-routes.ts'
import { ruleRoutes } from './rule-routes.ts'
import { singleRoutes } from './single-routes.ts'

export function expectationsRoutes(store: Store) {
  return router()
    .route('/', figureRoutes(store))
    .route('/', listRoutes(store))
    .route('/', singleRoutes(store))
    .route('/', ruleRoutes(store))
}
