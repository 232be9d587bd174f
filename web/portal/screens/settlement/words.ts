import type { z } from 'zod'
import type { lineFlag, StatementSummary } from '../../../../schemas/settlement.ts'
import type { Wording } from '../../../shared/format/words.ts'

export const statementStateWords: Record<StatementSummary['state'], Wording> = {
  draft: { word: 'Draft', tone: 'normal', shape: 'ring' },
  checked: { word: 'Checked', tone: 'normal', shape: 'diamond' },
  approved: { word: 'Approved', tone: 'normal', shape: 'tick' },
  issued: { word: 'Issued', tone: 'quiet', shape: 'dot' },
}

export const flagWords: Record<z.infer<typeof lineFlag>, { word: string; meaning: string }> = {
  'no-meter-data': { word: 'No meter data', meaning: 'Unpaid: the FSP has sent no meter data for this quarter-hour.' },
  'no-baseline': { word: 'No baseline', meaning: 'Unpaid: too few comparable days to reckon a baseline from.' },
  'out-of-service': { word: 'Out of service', meaning: 'Unpaid: the FU was declared out of service.' },
}
