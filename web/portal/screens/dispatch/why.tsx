import { useQuery } from '@tanstack/react-query'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import type { UnitPeriod, WithoutUnit } from '../../../../schemas/dispatch/optimisation.ts'
import { PanelFacts, PanelPart } from '../../../shared/components/side-panel.tsx'
import { energy, fixed, kw } from '../../../shared/format/power.ts'
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
          [
            'Chosen',
            `${kw(found.turnDownW)} of ${kw(found.availableW)}${found.direction === 'turn-up' ? ' of turn-up' : ''}`,
          ],
          ...(found.derating ? [['Offers', deratingText(found.derating)] as const] : []),
          ...(found.siteLimit ? [['Export limit of its site', siteLimitText(found.siteLimit)] as const] : []),
          ['Its price', `£${found.priceGbpPerMwh} per MWh`],
          ['Price of one more kW here', marginalText(found.marginalPriceGbpPerMwh)],
          ...found.reasons.map(({ nodeId, because, turnDownW }) => {
            const what = nodeId === null ? limitTexts[because ?? 'run'] : <NodeName key={nodeId} nodeId={nodeId} />
            return [what, kw(turnDownW)] as const
          }),
          ...(query.data?.without ? [['Without it, the day', withoutText(query.data.without)] as const] : []),
          ...found.alternatives.map(
            (other) =>
              [`Next: ${nameOf(other.fuId)}`, `£${other.priceGbpPerMwh} per MWh, ${kw(other.leftW)} left`] as const,
          ),
        ]}
      />
    </PanelPart>
  )
}

const limitTexts = { need: 'Needed', 'least-turn-down': 'Minimum turn-down', run: 'Minimum run' }

function deratingText(derating: NonNullable<UnitPeriod['derating']>): string {
  const { offeredW, statedW, reliability, overPeriods } = derating
  const periods = `${overPeriods} settled ${overPeriods === 1 ? 'period' : 'periods'}`
  return `${kw(offeredW)} of ${kw(statedW)}: reliability ${reliability} over ${periods}`
}

function siteLimitText({ exportLimitW, offeredW }: NonNullable<UnitPeriod['siteLimit']>): string {
  return `${kw(exportLimitW)}: leaves less than the ${kw(offeredW)} that it offers`
}

function marginalText(price: number | null): string {
  return price === null ? 'not available' : `£${fixed(price, 2)} per MWh`
}

function withoutText({ shortfallWh, costGbp, isExact }: WithoutUnit): string {
  const unmet = shortfallWh > 0 ? `leaves ${energy(shortfallWh)} more unmet` : ''
  const money = costGbp < 0 ? `costs £${fixed(-costGbp, 2)} less` : `costs £${fixed(costGbp, 2)} more`
  return [unmet, money, isExact ? '' : '(an estimate)'].filter((part) => part !== '').join(' ')
}
