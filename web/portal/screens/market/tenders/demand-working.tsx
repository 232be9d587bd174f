import { Link } from '@tanstack/react-router'
import type { TenderDemand } from '../../../../../schemas/market/tender-demand.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Facts, Section, Stack } from '../../../../shared/components/page.tsx'
import { RequirementCosts } from '../../planning/requirement-parts.tsx'
import { madeUp } from '../../planning/words.ts'

/** How a tender followed from EV demand: the run, the year, its costs beside reinforcement, as all that was when it was drafted. */
export function DemandWorking({ demand }: { demand: TenderDemand }) {
  const { runId, runTitle, runDigest, isSynthetic, season, requirement } = demand
  const { zoneNodeId, year } = requirement
  return (
    <Section title="Requirement from EV demand">
      <Stack>
        <Facts
          items={[
            [
              'Run',
              <Link key="run" to="/planning/runs/$runId" params={{ runId }}>
                {runTitle}
              </Link>,
            ],
            [
              'Node and year',
              <Link
                key="node"
                to="/planning/runs/$runId/nodes/$nodeId"
                params={{ runId, nodeId: zoneNodeId }}
                search={{ year }}
              >
                {zoneNodeId}, {season} {year}
              </Link>,
            ],
            ['Digest of the result', <code key="digest">{runDigest.slice(0, 16)}</code>],
            ...(isSynthetic ? [['Data', <Mark key="made-up" {...madeUp} />] as const] : []),
          ]}
        />
        <div>
          <RequirementCosts requirement={requirement} />
        </div>
      </Stack>
    </Section>
  )
}
