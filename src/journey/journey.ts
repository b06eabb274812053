export { compilePlacing, matchesRule, meets, type Place, type Placeable, propertyAt } from './placing.ts'
export { type JourneyMap, loadMap } from './queries.ts'
