import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { percent, turn } from '../../../shared/format/power.ts'
import { timeOfDay, timeWithSeconds, utc } from '../../../shared/format/time.ts'
import { askedW, type BoardPeriod, type BoardRow, contractedTurn, standingOf } from './board.ts'
import { Confirmation } from './confirmation.tsx'
import { Exchange } from './exchange.tsx'
import { Why } from './why.tsx'

interface PeriodPanelProps {
  board: DispatchBoard
  row: BoardRow
  period: BoardPeriod
  onClose: () => void
}

function powerOr(valueW: number | null, otherwise: string): string {
  return valueW === null ? otherwise : turn(valueW)
}

/** One quarter-hour of one FU: what was contracted, wanted, sent, answered and delivered. */
export function PeriodPanel({ board, row, period, onClose }: PeriodPanelProps) {
  const standing = standingOf(row, period, board.at)
  const { instruction } = period
  const asked = askedW(period)
  return (
    <SidePanel
      title={`${row.fuName}, ${timeOfDay(period.from)} to ${timeOfDay(period.to)}`}
      onClose={onClose}
      footer={
        <>
          <LinkButton from="/dispatch" to="." search={(s) => ({ ...s, at: undefined })}>
            Schedules
          </LinkButton>
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
      <PanelPart>
        {standing ? (
          <Mark {...standing} />
        ) : (
          <span>{period.contractedW === null ? 'Not contracted' : 'Nothing sent'}</span>
        )}
        {instruction?.reason && <p>{instruction.reason}</p>}
        {instruction?.cutBecause && <p>{instruction.cutBecause}</p>}
        {!standing && <WhyNothing row={row} period={period} />}
      </PanelPart>
      <PanelPart title="Turn-down">
        <PanelFacts
          items={[
            ['Contracted', powerOr(contractedTurn(period), 'not in this period')],
            ['In the live schedule', powerOr(period.requestedW, 'nothing')],
            ['Instructed', instruction ? turn(instruction.turnDownW) : 'nothing'],
            ['Delivered', powerOr(period.deliveredW, 'not known yet')],
            ...(asked && period.deliveredW !== null
              ? [['Share delivered', percent(period.deliveredW / asked)] as const]
              : []),
          ]}
        />
      </PanelPart>
      <PanelPart title="Instruction">
        <PanelFacts
          items={[
            ['Due', <Moment key="due" at={period.dueAt} />],
            ['Issued', <Moment key="issued" at={instruction?.issuedAt ?? null} />],
            ['Acknowledged', <Moment key="acknowledged" at={instruction?.acknowledgedAt ?? null} />],
            ['FSP', row.fspName],
            ...(instruction ? [['Number', <code key="id">{instruction.instructionId}</code>] as const] : []),
          ]}
        />
      </PanelPart>
      {instruction && <Exchange instructionId={instruction.instructionId} />}
      {instruction && (instruction.state === 'sent' || instruction.state === 'unknown') && (
        <Confirmation key={instruction.instructionId} instructionId={instruction.instructionId} />
      )}
      <Why board={board} row={row} period={period} />
    </SidePanel>
  )
}

/** Why a quarter-hour has no instruction. */
function WhyNothing({ row, period }: { row: BoardRow; period: BoardPeriod }) {
  const reason =
    period.contractedW === null
      ? period.requestedW === null
        ? 'The FU is not under contract in this quarter-hour.'
        : 'The schedule asks for a turn-down here, but the FU is not under contract: nothing will be sent.'
      : row.selected === null
        ? 'No schedule is live for this FU, so nothing will be sent.'
        : !row.inService
          ? 'The FU is out of service, so nothing will be sent.'
          : period.requestedW === null
            ? 'The live schedule asks for nothing in this quarter-hour.'
            : `The instruction will be sent at ${timeOfDay(period.dueAt)}.`
  return <p className="rm-secondary">{reason}</p>
}

function Moment({ at }: { at: string | null }) {
  return at === null ? <>not yet</> : <time title={utc(at)}>{timeWithSeconds(at)}</time>
}
