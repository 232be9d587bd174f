export { defaultScheme, type GraceAndMultiplier, settlePeriod } from './rules.ts'
