import { Button, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import type { ScheduleKind } from '../../../../schemas/market/schedules.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { energy, percent } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { contractsQuery, productsQuery } from '../../market-queries.ts'
import { boardQuery, scheduleQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import { type BoardRow, rowEnergy } from './board.ts'
import { LiveReadings } from './live-readings.tsx'
import { ScheduleEditor } from './schedule-editor.tsx'
import { SpanList } from './span-list.tsx'
import { quarterHours, spansOf } from './spans.ts'

interface UnitPanelProps {
  board: DispatchBoard
  row: BoardRow
  onClose: () => void
}

/** One FU on one day: which schedule is live, what the schedules want, and how the day went. */
export function UnitPanel({ board, row, onClose }: UnitPanelProps) {
  const { edit } = useSearch({ from: '/inside/dispatch' })
  const navigate = useNavigate({ from: '/dispatch' })
  const refusal = useRefusal('flexibility-engineer')
  const today = useToday()
  const reserve = useReserve(row.fuId, board)
  const schedule = useQuery(scheduleQuery(row.fuId, board.tradingDay, 'manual'))
  const setEdit = (on: boolean) => void navigate({ search: (s) => ({ ...s, edit: on || undefined }) })
  if (edit && !refusal)
    return (
      <SidePanel title={`Manual schedule of ${row.fuName}`} onClose={() => setEdit(false)}>
        <Loaded query={schedule}>
          {(saved) => <ScheduleEditor board={board} row={row} saved={saved} onDone={() => setEdit(false)} />}
        </Loaded>
      </SidePanel>
    )
  return (
    <SidePanel
      title={row.fuName}
      onClose={onClose}
      footer={
        <>
          <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setEdit(true)}>
            {row.manualVersion === null ? 'Make a manual schedule' : 'Change the manual schedule'}
          </Button>
          {reserve && (
            <LinkButton to="/market/contracts/$contractId" params={{ contractId: reserve.contractId }}>
              Contract of the reserve
            </LinkButton>
          )}
          {row.connectionId !== null && (
            <LinkButton
              to="/connections/$connectionId"
              params={{ connectionId: row.connectionId }}
              search={{ day: board.tradingDay }}
            >
              Connection
            </LinkButton>
          )}
        </>
      }
    >
      {!row.inService && <Notice tone="risk">Declared out of service by its FSP: nothing is sent to it.</Notice>}
      <Selection board={board} row={row} refusal={refusal} />
      <Wanted board={board} row={row} kind="manual" version={row.manualVersion} />
      <Wanted board={board} row={row} kind="optimised" version={row.optimisedVersion} />
      <PanelPart title="The day">
        <DayFacts row={row} />
      </PanelPart>
      {board.tradingDay === today && <LiveReadings fuId={row.fuId} />}
    </SidePanel>
  )
}

/** The contract by which an FU is reserve on a day: where its reserve can be released. */
function useReserve(fuId: string, { product, tradingDay }: DispatchBoard) {
  const contracts = useQuery(contractsQuery).data
  const isReserve = useQuery(productsQuery).data?.some(
    (each) => each.product === product && each.kind === 'forward-option',
  )
  if (!isReserve) return undefined
  return contracts?.find(
    (each) =>
      each.fuId === fuId && each.product === product && each.validFrom <= tradingDay && tradingDay <= each.validTo,
  )
}

function DayFacts({ row }: { row: BoardRow }) {
  const { askedWh, deliveredWh, settled } = rowEnergy(row)
  return (
    <PanelFacts
      items={[
        ['FSP', row.fspName],
        ['Quarter-hours measured', settled],
        ['Turn-down asked in them', energy(askedWh)],
        ['Delivered', askedWh > 0 ? `${energy(deliveredWh)}, ${percent(deliveredWh / askedWh)}` : energy(deliveredWh)],
      ]}
    />
  )
}

/** Which schedule is live; another is chosen here. */
function Selection({ board, row, refusal }: { board: DispatchBoard; row: BoardRow; refusal: string | null }) {
  const queries = useQueryClient()
  const select = useMutation({
    mutationFn: (kind: ScheduleKind) =>
      api.call(operations.selectDispatchSchedule, {
        params: { fuId: row.fuId, day: board.tradingDay },
        body: { kind, product: board.product },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: boardQuery(board.tradingDay, board.product).queryKey }),
  })
  const versions: Record<ScheduleKind, number | null> = { manual: row.manualVersion, optimised: row.optimisedVersion }
  if (row.manualVersion === null && row.optimisedVersion === null)
    return <PanelPart title="Live schedule">None: there is no schedule for this day yet, so nothing is sent.</PanelPart>
  return (
    <PanelPart title="Live schedule">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Live schedule"
        value={row.selected ?? ''}
        disabled={refusal !== null || select.isPending}
        onChange={(kind) => select.mutate(kind as ScheduleKind)}
        data={(['manual', 'optimised'] as const).map((kind) => ({
          value: kind,
          label:
            versions[kind] === null
              ? `No ${kind} one`
              : `${kind === 'manual' ? 'Manual' : 'Optimised'} v${versions[kind]}`,
          disabled: versions[kind] === null,
        }))}
      />
      {row.selected === null && (
        <Notice tone="risk">No schedule is live: nothing will be sent until one is chosen.</Notice>
      )}
      {refusal && <span className="rm-secondary">{refusal}</span>}
      {select.isError && <ProblemNotice error={select.error} />}
    </PanelPart>
  )
}

interface WantedProps {
  board: DispatchBoard
  row: BoardRow
  kind: ScheduleKind
  version: number | null
}

/** What a schedule wants, as spans. */
function Wanted({ board, row, kind, version }: WantedProps) {
  const query = useQuery({ ...scheduleQuery(row.fuId, board.tradingDay, kind), enabled: version !== null })
  if (version === null) return null
  return (
    <PanelPart title={kind === 'manual' ? 'Manual schedule' : 'Optimised schedule'}>
      <Loaded query={query}>
        {(schedule) =>
          schedule && (
            <>
              <SpanList spans={spansOf(quarterHours(schedule))} periods={row.periods} />
              <span className="rm-secondary">
                Version {schedule.version}, {schedule.createdBy}, {dayAndTime(schedule.createdAt, board.tradingDay)}
              </span>
            </>
          )
        }
      </Loaded>
    </PanelPart>
  )
}
