import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { DemandRequirement, DemandRun, RequirementQuery } from '../../../../../schemas/planning/demand-runs.ts'
import { Choice, Fields } from '../../../../shared/components/fields.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Section, Stack } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { demandRequirementQuery } from '../../../planning-queries.ts'
import { useRefusal } from '../../../session.ts'
import { FigureField } from '../figure-field.tsx'
import { RequirementCosts, RequirementWindows } from '../requirement-parts.tsx'
import { DraftTender } from './draft-tender.tsx'
import { type CostDraft, costFigures, firstCosts, readCosts } from './requirement-draft.ts'
import type { NodeYears } from './year-lines.ts'

/** Flexibility against reinforcement at a node in a year, by the reader’s own figures, and the tender that follows from it in one step. */
export function Requirement({ run, node }: { run: DemandRun; node: NodeYears }) {
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const last = node.years.at(-1)?.year ?? 0
  const { year = node.firstYear ?? last } = useSearch({ from: '/inside/planning/runs/$runId/nodes/$nodeId' })
  const [costs, setCosts] = useState(firstCosts)
  const { query, faults } = readCosts(costs, year)
  if (refusal !== null || !node.isKnown)
    return (
      <Section title="Flexibility or reinforcement">
        <Notice>
          {refusal ?? 'What is needed here cannot be told before rating and load of this node are known.'}
        </Notice>
      </Section>
    )
  return (
    <>
      <Section title="Flexibility or reinforcement">
        <Stack>
          <p>
            Turn-down over the headroom in a year, against an even yearly sum for reinforcement. Prices and costs are
            yours to state: those below are only there to begin with.
          </p>
          <Fields>
            <YearChoice years={node.years.map((each) => each.year)} year={year} />
            {(Object.keys(costFigures) as (keyof CostDraft)[]).map((name) => (
              <FigureField
                key={name}
                figures={costFigures}
                name={name}
                draft={costs}
                set={(change) => setCosts((before) => ({ ...before, ...change }))}
                fault={(each) => faults[each]}
              />
            ))}
          </Fields>
        </Stack>
      </Section>
      {query && <Found run={run} node={node} query={query} costs={costs} />}
    </>
  )
}

function YearChoice({ years, year }: { years: readonly number[]; year: number }) {
  const navigate = useNavigate({ from: '/planning/runs/$runId/nodes/$nodeId' })
  return (
    <Choice
      label="Year"
      value={year}
      onChange={({ currentTarget: { value } }) =>
        void navigate({ search: (s) => ({ ...s, year: Number(value) }), replace: true, resetScroll: false })
      }
    >
      {years.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </Choice>
  )
}

interface FoundProps {
  run: DemandRun
  node: NodeYears
  query: RequirementQuery
  costs: CostDraft
}

function Found({ run, node, query, costs }: FoundProps) {
  // What is typed is asked for once it rests.
  const [settled] = useDebouncedValue(JSON.stringify(query), 300)
  const found = useQuery({
    ...demandRequirementQuery(run.runId, node.nodeId, JSON.parse(settled) as RequirementQuery),
    placeholderData: keepPreviousData,
  })
  return (
    <Loaded query={found}>
      {(requirement) => (
        <>
          <Section title={`In ${requirement.year}`}>
            <RequirementCosts requirement={requirement} />
          </Section>
          <Section title="Windows needed" flush>
            <RequirementWindows requirement={requirement} />
          </Section>
          <Drafts run={run} node={node} requirement={requirement} costs={costs} />
        </>
      )}
    </Loaded>
  )
}

/** A tender for each season that needs one. */
function Drafts({ requirement, ...rest }: Omit<FoundProps, 'query'> & { requirement: DemandRequirement }) {
  const seasons = requirement.seasons.filter(({ windows }) => windows.length > 0).map(({ season }) => season)
  return seasons.map((season) => (
    <DraftTender key={`${requirement.year} ${season}`} season={season} year={requirement.year} {...rest} />
  ))
}
