// Where the cases find the rules that they are cases of.

export { halfHourStarts } from '../../../schemas/grid/profiles.ts'
export type { ConnectionTerms } from '../../../server/grid/connections/rules.ts'
export { agreedWithin, cellsOf } from '../../../server/grid/headroom/agreed.ts'
export { assessCell, type LoadNode, nodeLoads } from '../../../server/grid/headroom/rules.ts'
export { flat, vectorOf } from '../../../server/grid/headroom/vectors.ts'
