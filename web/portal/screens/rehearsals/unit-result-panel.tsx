import { lessBecauseWords } from '../../../../schemas/dispatch/choice-words.ts'
import type { UnitPeriod } from '../../../../schemas/dispatch/optimisation.ts'
import type { Rehearsal } from '../../../../schemas/dispatch/rehearsals.ts'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { energy, fixed, kw } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import { powerSpans, unitResults } from './result.ts'

interface UnitResultPanelProps {
  rehearsal: Rehearsal
  fuId: string
  name: string
  onClose: () => void
}

/** What a rehearsal chose of one FU, for which nodes, at what price, and why no more. */
export function UnitResultPanel({ rehearsal, fuId, name, onClose }: UnitResultPanelProps) {
  const periods = rehearsal.units.find((unit) => unit.fuId === fuId)?.periods ?? []
  const [result] = unitResults({ units: [{ fuId, periods }] }, () => name)
  const [first] = periods
  return (
    <SidePanel title={name} onClose={onClose}>
      {!first && <span>It could give nothing in the hours of this rehearsal.</span>}
      {result && first && (
        <>
          <PanelPart title="Chosen">
            <PanelFacts
              items={[
                ...powerSpans(periods).map(
                  ({ from, to, turnDownW }) => [`${timeOfDay(from)} to ${timeOfDay(to)}`, kw(turnDownW)] as const,
                ),
                ['In all', energy(result.energyWh)],
                ['Cost', `£${fixed(result.costGbp, 2)}`],
                ['Its price', priceSpan(periods.map((each) => Number(each.priceGbpPerMwh)))],
                ['It could give', `${kw(Math.max(...periods.map(({ availableW }) => availableW)))} at most`],
              ]}
            />
          </PanelPart>
          <PanelPart title="What it was chosen for">
            <PanelFacts items={[...reasons(periods, rehearsal)]} />
          </PanelPart>
          {result.left.length > 0 && (
            <PanelPart title="Why no more of it">
              {result.left.map((because) => (
                <span key={because}>{lessBecauseWords[because]}</span>
              ))}
            </PanelPart>
          )}
        </>
      )}
    </SidePanel>
  )
}

/** Energy by what it was chosen for: a node, or a limit of the FU itself. */
function reasons(periods: readonly UnitPeriod[], { nodes }: Rehearsal): Map<string, string> {
  const sums = new Map<string, number>()
  for (const { nodeId, because, turnDownW } of periods.flatMap((period) => period.reasons)) {
    const node = nodes.find((each) => each.nodeId === nodeId)?.name ?? nodeId
    const what = node ?? (because === 'least-turn-down' ? 'Its minimum turn-down' : 'Its minimum run')
    sums.set(what, (sums.get(what) ?? 0) + turnDownW / 4)
  }
  return new Map([...sums].map(([what, wh]) => [what, energy(wh)]))
}

function priceSpan(prices: readonly number[]): string {
  const [least, most] = [Math.min(...prices), Math.max(...prices)]
  return least === most ? `£${fixed(least, 2)} per MWh` : `£${fixed(least, 2)} to £${fixed(most, 2)} per MWh`
}
