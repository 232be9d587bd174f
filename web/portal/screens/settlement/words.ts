import type { z } from 'zod'
import type { BaselineMethod } from '../../../../schemas/settlement/baselines.ts'
import type {
  Dispute,
  lineFlag,
  PriceRule,
  Statement,
  StatementEvent,
  StatementSummary,
} from '../../../../schemas/settlement/statements.ts'
import type { Wording } from '../../../shared/format/words.ts'

export const statementStateWords: Record<StatementSummary['state'], Wording> = {
  draft: { word: 'Draft', tone: 'normal', shape: 'ring' },
  checked: { word: 'Checked, awaiting approval', tone: 'normal', shape: 'diamond' },
  approved: { word: 'Approved, awaiting issue', tone: 'normal', shape: 'tick' },
  issued: { word: 'Issued', tone: 'quiet', shape: 'dot' },
}

export const flagWords: Record<z.infer<typeof lineFlag>, { word: string; meaning: string }> = {
  'no-meter-data': { word: 'No meter data', meaning: 'Unpaid: the FSP has sent no meter data for this quarter-hour.' },
  'no-baseline': { word: 'No baseline', meaning: 'Unpaid: there is no baseline for this quarter-hour.' },
  'out-of-service': { word: 'Out of service', meaning: 'Unpaid: the FU was declared out of service.' },
  'estimated-meter-data': {
    word: 'Estimated',
    meaning: 'The meter data of this quarter-hour is estimated from its neighbours, as the contract’s terms allow.',
  },
  'profile-limit': {
    word: 'Profile limit',
    meaning: 'Turn-down that the connection’s agreed limit required anyway is delivered, but not paid.',
  },
  'export-limit': {
    word: 'Export limit',
    meaning: 'Turn-down beyond what the connection may export is delivered, but not paid.',
  },
  'hub-meter-data': {
    word: 'Hub',
    meaning: 'The FSP has sent no meter data; the hub of the connection measured this quarter-hour.',
  },
  'derived-meter-data': {
    word: 'Derived',
    meaning: 'The FSP has sent no meter data; the hub of the connection derived this from current, not from power.',
  },
  'sender-estimate': {
    word: 'Estimated by the FSP',
    meaning: 'The FSP sent an estimate. It settles like a missing value, as the contract’s terms say.',
  },
  'incomplete-meter-data': {
    word: 'Incomplete',
    meaning: 'A meter of the FU has no value for this quarter-hour, so there is no sum.',
  },
  'meter-dropout': {
    word: 'Dropout',
    meaning: 'The meter’s register fell and came back: a fault, not energy, so there is no value.',
  },
  'apportioned-meter-data': {
    word: 'Apportioned',
    meaning: 'Half of a half-hour whose other half was under another instruction.',
  },
  'fallback-baseline': {
    word: 'Fallback',
    meaning: 'Too few comparable days: the baseline is the fallback that the contract names.',
  },
  'long-look-back': {
    word: 'Long look-back',
    meaning: 'Too few comparable days in the usual look-back: earlier days count too.',
  },
  unreachable: {
    word: 'Unreachable',
    meaning: 'Unpaid: an instruction could not be delivered because the FSP’s system failed.',
  },
  'counted-as-no-delivery': {
    word: 'No delivery',
    meaning: 'The meter data is still missing after its deadline, which counts as no delivery.',
  },
  'site-not-measured': {
    word: 'Site not measured',
    meaning: 'The rest of the site is not measured, so the agreed limit is compared with the FUs alone.',
  },
  'not-offered': {
    word: 'Not offered',
    meaning: 'The FSP offered no turn-down for this quarter-hour, so it earns no availability.',
  },
  refused: {
    word: 'Refused',
    meaning: 'The FSP refused an instruction for its own reasons: it counts as instructed with nothing delivered.',
  },
  'paid-elsewhere': {
    word: 'Paid elsewhere',
    meaning: 'Another contract of the FU is paid for the same turn-down in this quarter-hour.',
  },
  'few-days': { word: 'Few days', meaning: 'Too few comparable days: the baseline is what was metered.' },
}

/** Flags of lines that are paid nothing for want of something. */
const unpaid: ReadonlySet<z.infer<typeof lineFlag>> = new Set([
  'no-meter-data',
  'no-baseline',
  'out-of-service',
  'unreachable',
])

export function isUnpaid({ flags }: Pick<Statement['lines'][number], 'flags'>): boolean {
  return !flags.includes('counted-as-no-delivery') && flags.some((flag) => unpaid.has(flag))
}

export const methodWords: Record<BaselineMethod | 'mixed', string> = {
  nominated: 'nominated by the FSP',
  'recent-history': 'recent history',
  'mid-8-in-10': 'mid 8 in 10',
  bl01: 'BL01',
  'fixed-reference': 'fixed reference',
  zero: 'zero',
  mixed: 'differs by contract',
}

/** Where the utilisation price of a line comes from. */
export const priceRuleWords: Record<PriceRule, string> = {
  contract: 'the contract’s price',
  'pay-as-bid': 'the cost accepted at the gate, up to the contract’s price',
  'pay-as-clear': 'the highest price accepted at the node, up to the contract’s price',
}

/** A payment scheme in a line. */
export function schemeInWords(scheme: Statement['scheme']): string {
  if (scheme === null) return 'mixed: each line states its own'
  if (scheme.name === 'grace-and-multiplier')
    return `full pay from a delivery ratio of ${scheme.graceRatio}; ${scheme.slope} points less for each point below; nothing at ${scheme.floorRatio}`
  if (scheme.name === 'sliding-scale')
    return `nothing at a delivery ratio of ${scheme.fromRatio}, full pay at ${scheme.toRatio}, straight between`
  return `delivery at the utilisation price, less £${scheme.penaltyGbpPerMwh} per MWh that is missing`
}

export const disputeWords: Record<Dispute['state'], Wording> = {
  open: { word: 'Open', tone: 'risk', shape: 'diamond' },
  upheld: { word: 'Upheld', tone: 'normal', shape: 'tick' },
  rejected: { word: 'Rejected', tone: 'quiet', shape: 'cross' },
  withdrawn: { word: 'Withdrawn', tone: 'quiet', shape: 'bar' },
}

export const eventWords: Record<StatementEvent, string> = {
  check: 'Check',
  approve: 'Approve',
  issue: 'Issue',
  return: 'Return to draft',
}
