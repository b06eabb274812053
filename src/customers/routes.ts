import { router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { listRoutes } from './list-routes.ts'
import { mergeRoutes } from './merge-routes.ts'
import { personalRoutes } from './personal-routes.ts'
import { purchaseRoutes } from './purchase-routes.ts'
import { segmentRoutes } from './segment-routes.ts'

export function customersRoutes(store: Store) {
  return router()
    .route('/', listRoutes(store))
    .route('/', segmentRoutes(store))
    .route('/', mergeRoutes(store))
    .route('/', purchaseRoutes(store))
    .route('/', personalRoutes(store))
}
