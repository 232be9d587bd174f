import { useQuery } from '@tanstack/react-query'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { ChoiceTable } from '../../../shared/choices/choice-table.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayInWords } from '../../../shared/format/time.ts'
import { latestChoicesQuery } from '../../dispatch-queries.ts'

/** What the latest run over a day chose of an FSP's own FUs, and why no more. What is contracted of product A is scheduled by people. */
export function Chosen({ day, units }: { day: string; units: readonly FlexibleUnit[] }) {
  const nameOf = new Map(units.map(({ fuId, name }) => [fuId, name]))
  return (
    <Section title={`Chosen of your offers for ${dayInWords(day)}`} flush>
      <Loaded query={useQuery(latestChoicesQuery(day))}>
        {(all) => (
          <ChoiceTable
            choices={all
              .filter(({ product }) => product !== 'A')
              .map((choice) => ({ ...choice, unitName: nameOf.get(choice.fuId) ?? '' }))}
            empty="No run has chosen among your offers of products B and C for this day."
          />
        )}
      </Loaded>
    </Section>
  )
}
