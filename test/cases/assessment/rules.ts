// Where the cases find the rules that they are cases of.
export { agreedWithin, cellsOf } from '../../../server/grid/connections/agreed.ts'
export { assessCell, type LoadNode, nodeLoads } from '../../../server/grid/connections/headroom-rules.ts'
export type { ConnectionTerms } from '../../../server/grid/connections/rules.ts'
export { flat, halfHourStarts, vectorOf } from '../../../server/grid/connections/vectors.ts'
