import { router } from '../lib/http.ts'
import type { Store } from '../store/store.ts'
import { importRoutes } from './import-routes.ts'
import { singleRoutes } from './single-routes.ts'
import { uploadRoutes } from './upload-routes.ts'

/** Files in: uploads, looks and previews, and imports with their counts, rejected rows and recipes. */
export function importsRoutes(store: Store) {
  return router()
    .route('/', uploadRoutes(store))
    .route('/', importRoutes(store))
    .route('/', singleRoutes(store))
}
