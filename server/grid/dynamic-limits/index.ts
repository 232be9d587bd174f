export {
  type DynamicLimitRow,
  type DynamicSpan,
  type DynamicTermsRow,
  dynamicAt,
  dynamicSpans,
  dynamicTermsOf,
  dynamicTermsOn,
  latestIssues,
  saveDynamicTerms,
  saveIssues,
  withdrawIssuesAfter,
} from './store.ts'
