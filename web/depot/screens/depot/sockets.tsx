import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ControllerView, SocketView } from '../../../../schemas/fsp/sockets.ts'
import { useNow, useToday } from '../../../shared/clock.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, fixed, kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, duration, utc } from '../../../shared/format/time.ts'
import { hierarchyQuery } from '../../queries.ts'
import { socketWords } from '../../words.ts'
import { DepotPage } from './depot-page.tsx'
import { SocketPanel } from './socket-panel.tsx'

const from = '/inside/depots/$depotId/sockets'

/** A socket's key in the address. */
function keyOf({ identity, connector }: Pick<SocketView, 'identity' | 'connector'>): string {
  return `${identity}/${connector}`
}

/** TDB01–05: site controllers, their charge points and the sockets of these, each with its four times; one opened says why it has its limit. */
export function DepotSockets() {
  const { depotId } = useParams({ from })
  const { socket } = useSearch({ from })
  const navigate = useNavigate({ from: '/depots/$depotId/sockets' })
  const query = useQuery(hierarchyQuery(depotId))
  const open = (query.data ?? [])
    .flatMap(({ chargePoints }) => chargePoints)
    .flatMap(({ sockets }) => sockets)
    .find((each) => keyOf(each) === socket)
  return (
    <DepotPage
      depotId={depotId}
      panel={open && <SocketPanel depotId={depotId} socket={open} onClose={() => void navigate({ search: {} })} />}
    >
      {() => (
        <Loaded query={query}>
          {(controllers) =>
            controllers.map((each) => (
              <Controller
                key={each.controller ?? ''}
                given={each}
                selectedKey={socket}
                onOpen={(row) => void navigate({ search: { socket: keyOf(row) } })}
              />
            ))
          }
        </Loaded>
      )}
    </DepotPage>
  )
}

function Controller({
  given: { controller, chargePoints },
  selectedKey,
  onOpen,
}: {
  given: ControllerView
  selectedKey: string | undefined
  onOpen: (socket: SocketView) => void
}) {
  const rows = chargePoints.flatMap(({ sockets }) => sockets)
  const name = controller === null ? 'Without a site controller' : `Site controller ${controller}`
  return (
    <Section title={`${name}: ${count(chargePoints.length, 'charge point')}, ${count(rows.length, 'socket')}`} flush>
      <DataTable
        label={`Sockets: ${name}`}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        selectedKey={selectedKey}
        onOpen={onOpen}
        empty="It has no socket."
      />
    </Section>
  )
}

const columns: Column<SocketView>[] = [
  {
    id: 'socket',
    header: 'Charge point, socket',
    accessorFn: ({ identity, connector }) => `${identity} ${connector}`,
    cell: ({ row: { original } }) => `${original.identity}, ${original.connector}`,
  },
  {
    id: 'status',
    header: 'Status',
    accessorFn: ({ state }) => socketWords[state].word,
    cell: ({ row }) => <Mark {...socketWords[row.original.state]} />,
  },
  time('status-time', 'Status time', ({ statusAt }) => statusAt, 'wide'),
  {
    id: 'registration',
    header: 'Vehicle',
    accessorFn: (socket) => vehicleIn(socket),
    cell: ({ row }) => vehicleIn(row.original),
  },
  time('auth-time', 'Auth time', ({ vehicle }) => vehicle?.authorisedAt ?? null, 'wide'),
  {
    id: 'power',
    header: 'Power kW',
    meta: { align: 'right' },
    accessorFn: ({ powerW }) => powerW,
    cell: ({ row: { original } }) => (original.powerW === null ? '–' : kwDigits(original.powerW)),
  },
  time('power-time', 'Power time', ({ powerAt }) => powerAt, 'wide'),
  {
    id: 'set-point',
    header: 'Set point A',
    meta: { align: 'right', from: 'medium' },
    accessorFn: ({ setpointA }) => setpointA,
    cell: ({ row: { original } }) => (original.setpointA === null ? '–' : fixed(original.setpointA, 0)),
  },
  time('set-point-time', 'Set-point time', ({ setpointAt }) => setpointAt, 'wide'),
]

/** The vehicle by its registration; an available socket has none. */
function vehicleIn({ state, vehicle }: SocketView): string {
  if (state === 'available' || vehicle === null) return '–'
  return vehicle.registration ?? `token ${vehicle.idTag}`
}

function time(id: string, header: string, of: (socket: SocketView) => string | null, part: 'wide'): Column<SocketView> {
  return {
    id,
    header,
    meta: { align: 'right', from: part },
    accessorFn: of,
    cell: ({ row }) => <Time at={of(row.original)} />,
  }
}

/** Local time; its age and UTC on hover. */
function Time({ at }: { at: string | null }) {
  const [now, today] = [useNow(), useToday()]
  if (at === null) return '–'
  return (
    <time dateTime={at} title={`${duration(now - Date.parse(at))} ago, ${utc(at)}`}>
      {dayAndTime(at, today)}
    </time>
  )
}
