export { type NewHub, saveHub } from './hubs.ts'
export { hub, hubFeeder, hubLatest } from './tables.ts'
