import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { productsQuery } from '../../market-queries.ts'
import { boardQuery } from '../../queries.ts'
import { boardInWords, contractedColumns } from './board.ts'
import { Board } from './board.tsx'
import { BoardKey } from './board-key.tsx'
import { DeliveryNow } from './delivery.tsx'
import { EmergencyStop, StopsInForce } from './emergency.tsx'
import { OptimisationResult, OptimiseButton } from './optimisation.tsx'
import { PeriodPanel } from './period-panel.tsx'
import { ReservePanel } from './reserve-panel.tsx'
import { UnitPanel } from './unit-panel.tsx'

/** The dispatch board of a day: FUs by quarter-hours. */
export function Dispatch() {
  const search = useSearch({ from: '/inside/dispatch' })
  const navigate = useNavigate({ from: '/dispatch' })
  const today = useToday()
  const day = search.day ?? today
  const product = search.product ?? 'A'
  const products = useQuery(productsQuery).data ?? []
  const name = products.find((each) => each.product === product)?.settings.name
  const query = useQuery(boardQuery(day, product))
  const set = (change: Partial<typeof search>) => void navigate({ search: (s) => ({ ...s, ...change }) })
  const row = query.data?.rows.find((r) => r.fuId === search.fu)
  const period = row?.periods.find((p) => p.from === search.at)
  const close = () => set({ fu: undefined, at: undefined, edit: undefined, reserve: undefined, node: undefined })
  return (
    <Page
      title="Dispatch"
      subtitle={name ? `Product ${product}, ${name.charAt(0).toLowerCase()}${name.slice(1)}` : `Product ${product}`}
      actions={
        <>
          <DayPicker
            day={day}
            today={today}
            onChange={(next) => set({ day: next === today ? undefined : next, at: undefined, edit: undefined })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Product"
            value={product}
            onChange={(next) =>
              set({
                product: next === 'A' ? undefined : next,
                at: undefined,
                fu: undefined,
              })
            }
            data={products.map((each) => ({ value: each.product, label: each.product }))}
          />
          <SegmentedControl
            size="xs"
            aria-label="Hours shown"
            value={search.hours ?? 'contracted'}
            onChange={(next) => set({ hours: next === 'all' ? 'all' : undefined })}
            data={[
              { value: 'contracted', label: 'Contracted hours' },
              { value: 'all', label: 'Whole day' },
            ]}
          />
          <LinkButton to="/instructions" search={day === today ? {} : { day }}>
            Instructions
          </LinkButton>
          <LinkButton to="/import-limits">Import limits</LinkButton>
          <LinkButton to="/rehearsals">Rehearsals</LinkButton>
          <OptimiseButton day={day} product={product} />
          <EmergencyStop />
        </>
      }
      panel={
        search.reserve && search.fu ? (
          <ReservePanel
            key={search.fu}
            fuId={search.fu}
            nodeId={search.node}
            onNode={(node) => set({ node })}
            onClose={close}
          />
        ) : query.data && row ? (
          period ? (
            <PeriodPanel board={query.data} row={row} period={period} onClose={close} />
          ) : (
            <UnitPanel key={`${row.fuId} ${day}`} board={query.data} row={row} onClose={close} />
          )
        ) : undefined
      }
    >
      <StopsInForce />
      <DeliveryNow />
      <Loaded query={query}>{(board) => <Content board={board} />}</Loaded>
      <OptimisationResult day={day} product={product} />
    </Page>
  )
}

function Content({ board }: { board: DispatchBoard }) {
  const { hours, fu, at } = useSearch({ from: '/inside/dispatch' })
  const navigate = useNavigate({ from: '/dispatch' })
  const { tone, text } = boardInWords(board)
  const columns = board.rows[0]?.periods.length ?? 0
  const [first, end] = hours === 'all' ? [0, columns] : contractedColumns(board.rows)
  return (
    <>
      <Notice tone={tone}>{text}</Notice>
      {board.rows.length > 0 && (
        <Section flush>
          <Board
            board={board}
            first={first}
            end={end}
            selected={{ fuId: fu, from: at }}
            onOpen={(fuId, from) =>
              void navigate({
                search: (s) => ({
                  ...s,
                  fu: fuId,
                  at: from ?? undefined,
                  edit: undefined,
                  reserve: undefined,
                  node: undefined,
                }),
              })
            }
          />
          <BoardKey />
        </Section>
      )}
    </>
  )
}
