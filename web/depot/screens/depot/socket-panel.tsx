import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DepotExplanation } from '../../../../schemas/fsp/depot-plan.ts'
import type { SocketView } from '../../../../schemas/fsp/sockets.ts'
import { useToday } from '../../../shared/clock.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { energy, fixed, kw } from '../../../shared/format/power.ts'
import { dayAndTime, duration } from '../../../shared/format/time.ts'
import { explanationQuery } from '../../queries.ts'
import { departureWords, limitWords, socketWords, socWords } from '../../words.ts'

type Explained = DepotExplanation['sockets'][number]

interface SocketPanelProps {
  depotId: string
  socket: SocketView
  onClose: () => void
}

/** One socket: its state with the times, its charge, and why it has its limit. */
export function SocketPanel({ depotId, socket, onClose }: SocketPanelProps) {
  const query = useQuery(explanationQuery(depotId))
  const { identity, connector } = socket
  return (
    <SidePanel title={`${identity}, socket ${connector}`} onClose={onClose}>
      {socket.fault && (
        <Notice tone="fault" title="The charge point reports a fault">
          {socket.fault.errorCode}
          {socket.fault.detail === null ? '' : `: ${socket.fault.detail}`}
        </Notice>
      )}
      <State socket={socket} />
      <Charge socket={socket} />
      <PanelPart title="Why it has this limit">
        <Loaded query={query}>
          {(explanation) => {
            const found = explanation?.sockets.find((s) => s.identity === identity && s.connector === connector)
            return explanation && found ? (
              <Why explained={found} explanation={explanation} />
            ) : (
              <p>No vehicle is plugged in, so no current is shared out to it.</p>
            )
          }}
        </Loaded>
      </PanelPart>
    </SidePanel>
  )
}

function State({ socket }: { socket: SocketView }) {
  const today = useToday()
  const at = (instant: string | null) => (instant === null ? '' : ` · ${dayAndTime(instant, today)}`)
  const { powerW, setpointA } = socket
  return (
    <PanelPart>
      <PanelFacts
        items={[
          ['Status', <Mark key="status" {...socketWords[socket.state]} />],
          ['In its own words', socket.status === null ? 'none yet' : `${socket.status}${at(socket.statusAt)}`],
          ['Power', powerW === null ? 'not known' : `${kw(powerW)}${at(socket.powerAt)}`],
          ['Set point', setpointA === null ? 'none of ours' : `${fixed(setpointA, 0)} A${at(socket.setpointAt)}`],
          ['Link', socket.connected ? 'connected' : 'not connected'],
          ['Last heard', socket.lastHeardAt === null ? 'never since the start' : dayAndTime(socket.lastHeardAt, today)],
          ['Model', `${socket.vendor} ${socket.model}`],
          ['Feeder', String(socket.feeder)],
        ]}
      />
    </PanelPart>
  )
}

function Charge({ socket: { transaction, vehicle } }: { socket: SocketView }) {
  const today = useToday()
  if (!transaction) return null
  const items: [string, ReactNode][] = [
    ['Vehicle', transaction.registration ?? 'not identified'],
    ['Token', transaction.idTag],
    ['Authorised', vehicle?.authorisedAt ? dayAndTime(vehicle.authorisedAt, today) : 'not seen'],
    ['Since', dayAndTime(transaction.since, today)],
    ['Energy', energy(transaction.energyWh)],
  ]
  return (
    <PanelPart title="Charge">
      <PanelFacts items={items} />
      {transaction.alsoAt.length > 0 && (
        <Notice tone="risk">
          The same token charges at {transaction.alsoAt.map((at) => `${at.identity}, ${at.connector}`).join(' and ')}.
        </Notice>
      )}
    </PanelPart>
  )
}

function Why({ explained, explanation }: { explained: Explained; explanation: DepotExplanation }) {
  const today = useToday()
  const { priority, vehicleAsks } = explained
  const soc =
    priority.socPercent === null
      ? 'not known'
      : `${fixed(priority.socPercent, 0)}\u00a0%, ${socWords[priority.socBasis]}`
  const items: [string, ReactNode][] = [
    ['Limit', `${fixed(explained.limitA, 1)} A`],
    ['Bound by', boundInWords(explained)],
    ['Headroom from', limitWords[explanation.binding]],
    ['Place in the order', String(explained.rank)],
    ['Departure', `${dayAndTime(priority.departureAt, today)}, ${departureWords[priority.basis]}`],
    ['Energy still needed', energy(priority.missingWh)],
    ['Time to spare', duration(priority.spareMinutes * 60_000)],
    ['State of charge', soc],
  ]
  if (vehicleAsks) items.push(['The vehicle asks for', asksInWords(vehicleAsks, today)])
  return (
    <>
      <p>{explained.sentence}</p>
      <PanelFacts items={items} />
      <p>Decided at {dayAndTime(explanation.at, today)}.</p>
    </>
  )
}

function boundInWords({ boundBy, isForced, isWaiting, isCommanded }: Explained): string {
  if (!isCommanded) return 'It cannot be commanded'
  if (isForced) return 'It cannot pause'
  if (isWaiting) return 'Waits until others have lowered'
  if (boundBy === null) return 'Nothing: it has all that it can use'
  if (boundBy === 'plan') return 'The plan of energy'
  return boundBy === 'one-socket-at-a-time' ? 'One socket at a time' : boundBy
}

function asksInWords(asks: NonNullable<Explained['vehicleAsks']>, today: string): string {
  const parts: string[] = []
  if (asks.energyWh !== null) parts.push(energy(asks.energyWh))
  if (asks.departureAt !== null) parts.push(`by ${dayAndTime(asks.departureAt, today)}`)
  if (asks.leastA !== null) parts.push(`at least ${fixed(asks.leastA, 0)} A`)
  if (asks.mostA !== null) parts.push(`at most ${fixed(asks.mostA, 0)} A`)
  return parts.join(', ') || 'nothing in particular'
}
