export { nodePrices } from './prices.ts'
export { TreeSelector } from './selection.ts'
export { type FlexTree, type PeriodNeed, type PeriodSelection, periodFault, type Takes, treeFault } from './tree.ts'
