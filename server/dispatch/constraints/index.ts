export { type Issued, issuedTo } from './issued.ts'
export { type LeastTurnDown, type LimitFlaw, leastOf, leastTurnDownW, limitFlaws, reachOf, runRules } from './rules.ts'
