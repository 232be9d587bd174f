import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useNow, useToday } from '../../../shared/clock.ts'
import { DayPicker } from '../../../shared/components/day-picker.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { count, turn } from '../../../shared/format/power.ts'
import { dayAndTime, timeOfDay } from '../../../shared/format/time.ts'
import { instructionWords } from '../../../shared/format/words.ts'
import { instructionsQuery } from '../../dispatch-queries.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { Exchange } from './exchange.tsx'
import { type InstructionSummary, InstructionTable, spanInWords } from './instruction-table.tsx'
import { LiveReadings } from './live-readings.tsx'

/** The instructions of a day, whatever their product: what was asked of which FU, and all that went back and forth about it. */
export function Instructions() {
  const search = useSearch({ from: '/inside/instructions' })
  const navigate = useNavigate({ from: '/instructions' })
  const today = useToday()
  const day = search.day ?? today
  const query = useQuery(instructionsQuery(day))
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const open = query.data?.find((each) => each.instructionId === search.instruction)
  return (
    <Page
      title="Instructions"
      subtitle={query.data && count(query.data.length, 'instruction')}
      actions={
        <DayPicker
          day={day}
          today={today}
          onChange={(next) => void navigate({ search: { day: next === today ? undefined : next } })}
        />
      }
      panel={
        open && (
          <InstructionPanel
            key={open.instructionId}
            instruction={open}
            fuName={units.find((unit) => unit.fuId === open.fuId)?.name ?? open.fuId}
            onClose={() => void navigate({ search: (s) => ({ ...s, instruction: undefined }) })}
          />
        )
      }
    >
      <Loaded query={query}>
        {(instructions) => (
          <Section flush>
            <InstructionTable
              instructions={instructions}
              units={units}
              selected={search.instruction}
              onOpen={(instruction) => void navigate({ search: (s) => ({ ...s, instruction }) })}
              empty="There are no instructions for this day."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}

interface InstructionPanelProps {
  instruction: InstructionSummary
  fuName: string
  onClose: () => void
}

function InstructionPanel({ instruction, fuName, onClose }: InstructionPanelProps) {
  const { intervals } = instruction
  const now = useNow()
  const [begins, ends] = [intervals[0]?.from ?? '', intervals.at(-1)?.to ?? '']
  const isRunning = Date.parse(begins) <= now && now < Date.parse(ends)
  return (
    <SidePanel title={`${fuName}, ${spanInWords(instruction)}`} onClose={onClose}>
      <Mark {...instructionWords[instruction.state]} />
      {instruction.reason && <span>{instruction.reason}</span>}
      {instruction.cutBecause && <span>{instruction.cutBecause}</span>}
      <PanelPart title="Turn-down from the baseline">
        <PanelFacts
          items={intervals.map((interval) => [
            `${timeOfDay(interval.from)} to ${timeOfDay(interval.to)}`,
            interval.turnDownW === 0 ? 'end the turn-down' : turn(interval.turnDownW),
          ])}
        />
      </PanelPart>
      <PanelPart title="The instruction">
        <PanelFacts
          items={[
            ['Product', instruction.product],
            ['Revision', String(instruction.revision)],
            ['Issued', instruction.issuedAt ? dayAndTime(instruction.issuedAt) : 'not yet'],
            ['Acknowledged', instruction.acknowledgedAt ? dayAndTime(instruction.acknowledgedAt) : 'no'],
            ['Expires', dayAndTime(instruction.expiresAt)],
            ['Number', <code key="id">{instruction.instructionId}</code>],
          ]}
        />
      </PanelPart>
      {isRunning && <LiveReadings fuId={instruction.fuId} />}
      <Exchange instructionId={instruction.instructionId} />
    </SidePanel>
  )
}
