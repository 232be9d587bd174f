import { useQueries, useQuery } from '@tanstack/react-query'
import { ChoiceTable } from '../../../shared/choices/choice-table.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { choicesQuery, depotsQuery, registerQuery } from '../../queries.ts'
import { useSession } from '../../session.ts'

/** What the DNO chose of each unit's offers since yesterday, and why no more. */
export function Chosen() {
  const runs = useSession()?.runs
  // Homes are no depots: their units stand in a register of their own.
  const depots = useQuery({ ...depotsQuery, enabled: runs === 'depots' }).data?.map(({ depotId }) => depotId)
  const units = useQuery({ ...registerQuery('homeUnits'), enabled: runs === 'homes' }).data?.map(({ key }) => key)
  const ids = depots ?? units ?? []
  const answers = useQueries({ queries: ids.map(choicesQuery) })
  const failed = answers.find(({ isError }) => isError)
  const choices = answers.flatMap(({ data }, i) =>
    (data ?? []).map((choice) => ({ ...choice, unitName: ids[i] ?? '' })),
  )
  return (
    <Section title="Chosen by the DNO" flush>
      {failed?.error && <ProblemNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      <ChoiceTable choices={choices} empty="The DNO has not chosen among offers of products B and C since yesterday." />
    </Section>
  )
}
