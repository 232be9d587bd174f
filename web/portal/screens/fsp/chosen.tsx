import { useQueries } from '@tanstack/react-query'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { ChoiceTable } from '../../../shared/choices/choice-table.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { dayInWords } from '../../../shared/format/time.ts'
import { unitChoicesQuery } from '../../dispatch-queries.ts'

/** What the latest run over a day chose of an FSP's own FUs, and why no more. */
export function Chosen({
  day,
  units,
  contracts,
}: {
  day: string
  units: readonly FlexibleUnit[]
  contracts: readonly Contract[]
}) {
  const asked = biddenOn(day, contracts)
  const answers = useQueries({ queries: asked.map(({ fuId, product }) => unitChoicesQuery(fuId, day, product)) })
  const failed = answers.find(({ isError }) => isError)
  const nameOf = new Map(units.map(({ fuId, name }) => [fuId, name]))
  const choices = answers.flatMap(({ data }, i) =>
    (data ?? []).map((choice) => ({ ...choice, unitName: nameOf.get(asked[i]?.fuId ?? '') ?? '' })),
  )
  return (
    <Section title={`Chosen of your offers for ${dayInWords(day)}`} flush>
      {failed?.error && <ProblemNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      <ChoiceTable choices={choices} empty="No run has chosen among your offers of products B and C for this day." />
    </Section>
  )
}

/** The FUs that are bid for on a day, by product. What is contracted of product A is scheduled by people. */
function biddenOn(day: string, contracts: readonly Contract[]) {
  const asked = contracts.filter(
    ({ product, validFrom, validTo }) => product !== 'A' && validFrom <= day && day <= validTo,
  )
  return [...new Map(asked.map((each) => [`${each.fuId} ${each.product}`, each])).values()]
}
