export { type Issued, issuedTo } from './issued.ts'
export { type LeastTurnDown, type LimitFlaw, leastOf, limitFlaws, reachOf, runRules } from './rules.ts'
