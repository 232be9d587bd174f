import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import { useNow } from '../../../shared/clock.ts'
import { Measured } from '../../../shared/components/measured.tsx'
import { kwDigits } from '../../../shared/format/power.ts'
import { isOld } from './figures.ts'

/** The measured load of a depot's site, with its age; in words where it is not known. */
export function SiteLoad({ decision }: { decision: DepotState['decision'] }) {
  const now = useNow()
  if (!decision?.siteLoadAt || decision.siteLoadW === null) return 'not known'
  return (
    <Measured
      digits={kwDigits(decision.siteLoadW)}
      unit="kW"
      at={decision.siteLoadAt}
      quality="good"
      stale={isOld(decision, now)}
    />
  )
}
