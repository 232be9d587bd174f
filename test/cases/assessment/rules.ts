// Where the cases find the rules that they are cases of.

export { halfHourStarts } from '../../../schemas/grid/profiles.ts'
export { headroomSettings } from '../../../schemas/settings/network.ts'
export type { ConnectionTerms } from '../../../server/grid/connections/rules.ts'
export { type Facts, judge } from '../../../server/grid/headroom/judge.ts'
export type { LoadNode } from '../../../server/grid/headroom/rules.ts'
export { higher, historyDays, vectorOf } from '../../../server/grid/headroom/vectors.ts'
