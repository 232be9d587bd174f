export {
  defaultScheme,
  estimatedWh,
  type PaymentFlag,
  type PeriodInputs,
  performanceFactor,
  type SettledPeriod,
  scheduleAccuracy,
  settlePeriod,
} from './rules.ts'
export { defaultTerms, setTerms, termsOfContracts } from './terms.ts'
