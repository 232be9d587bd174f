import { useQuery } from '@tanstack/react-query'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { PanelFacts, PanelPart } from '../../../shared/components/side-panel.tsx'
import { fixed, kw } from '../../../shared/format/power.ts'
import { explanationQuery, optimisationsQuery } from '../../dispatch-queries.ts'
import { NodeName } from '../network/node-name.tsx'
import type { BoardPeriod, BoardRow } from './board.ts'

interface WhyProps {
  board: DispatchBoard
  row: BoardRow
  period: BoardPeriod
}

/** Why the latest optimisation chose so many W of an FU in a quarter-hour: for which nodes, at what price, instead of whom. */
export function Why({ board, row, period }: WhyProps) {
  const run = useQuery(optimisationsQuery(board.tradingDay, board.product)).data?.[0]
  const query = useQuery({ ...explanationQuery(run?.runId ?? '', row.fuId), enabled: run !== undefined })
  const found = query.data?.periods.find((each) => Date.parse(each.from) === Date.parse(period.from))
  if (!found) return null
  const nameOf = (fuId: string) => board.rows.find((each) => each.fuId === fuId)?.fuName ?? fuId
  return (
    <PanelPart title="Why the optimisation chose it">
      <PanelFacts
        items={[
          ['Chosen', `${kw(found.turnDownW)} of ${kw(found.availableW)}`],
          ['Its price', `£${found.priceGbpPerMwh} per MWh`],
          ['Price of the last W', `£${fixed(found.marginalPriceGbpPerMwh, 2)} per MWh`],
          ...found.reasons.map(
            (reason) => [<NodeName key={reason.nodeId} nodeId={reason.nodeId} />, kw(reason.turnDownW)] as const,
          ),
          ...found.alternatives.map(
            (other) =>
              [`Next: ${nameOf(other.fuId)}`, `£${other.priceGbpPerMwh} per MWh, ${kw(other.leftW)} left`] as const,
          ),
        ]}
      />
    </PanelPart>
  )
}
