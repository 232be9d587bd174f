import { ActionIcon, Button, NumberInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DispatchBoard } from '../../../../schemas/dispatch/board.ts'
import type { DispatchSchedule } from '../../../../schemas/market/schedules.ts'
import { operations } from '../../../../schemas/operations.ts'
import { ApiProblem, api } from '../../../shared/api/client.ts'
import { Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelPart } from '../../../shared/components/side-panel.tsx'
import { count, energy } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { flexibleUnitsQuery, scheduleQuery } from '../../queries.ts'
import { type BoardPeriod, type BoardRow, contractedTurn } from './board.ts'
import styles from './schedule-editor.module.css'
import { boundaryTime, SpanList } from './span-list.tsx'
import { faultOf, quarterHours, type Span, spansOf, valuesOf } from './spans.ts'

interface ScheduleEditorProps {
  board: DispatchBoard
  row: BoardRow
  /** The schedule as it was when the editor opened; `null` for the first one. */
  saved: DispatchSchedule | null
  onDone: () => void
}

/** Edits the manual schedule as spans, and saves it only over the version that was edited (FM15). */
export function ScheduleEditor({ board, row, saved, onDone }: ScheduleEditorProps) {
  const [base, setBase] = useState(saved)
  const [spans, setSpans] = useState<Span[]>(() => (saved ? spansOf(quarterHours(saved)) : contractedSpans(row)))
  const unit = useQuery(flexibleUnitsQuery).data?.find((each) => each.fuId === row.fuId)
  const [maxTurnDownW, maxTurnUpW] = [unit?.maxTurnDownW ?? null, unit?.maxTurnUpW ?? 0]
  const save = useSave(board.tradingDay, row, spans, onDone)
  const faults = spans.map((span) => faultOf(span, spans, maxTurnDownW, maxTurnUpW))
  const set = (i: number, change: Partial<Span>) =>
    setSpans(spans.map((span, j) => (i === j ? { ...span, ...change } : span)))
  const clash = save.error instanceof ApiProblem && save.error.status === 412
  return (
    <>
      <PanelPart>
        <p className="rm-secondary">
          Turn-down asked of {row.fuName}, in local time. 0 kW ends a turn-down; hours not listed ask for nothing.
          {maxTurnUpW > 0 && ' A negative figure turns up: more import or less export.'}
        </p>
        {spans.map((span, i) => (
          <SpanRow
            // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place
            key={i}
            span={span}
            periods={row.periods}
            maxTurnUpW={maxTurnUpW}
            fault={faults[i] ?? null}
            onChange={(change) => set(i, change)}
            onRemove={() => setSpans(spans.filter((_, j) => j !== i))}
          />
        ))}
        <div className={styles.actions}>
          <Button onClick={() => setSpans([...spans, nextSpan(spans, row)])}>Add a span</Button>
          <Button onClick={() => setSpans(contractedSpans(row))}>All contracted hours</Button>
        </div>
      </PanelPart>
      <Effect spans={spans} row={row} />
      {clash ? (
        <Clash
          board={board}
          row={row}
          onTake={(theirs) => {
            setBase(theirs)
            setSpans(spansOf(quarterHours(theirs)))
            save.reset()
          }}
          onOverwrite={(theirs) => {
            setBase(theirs)
            save.mutate(theirs)
          }}
        />
      ) : (
        save.isError && <ProblemNotice error={save.error} />
      )}
      <div className={styles.actions}>
        <Button
          variant="filled"
          loading={save.isPending}
          disabled={faults.some((fault) => fault !== null)}
          onClick={() => save.mutate(base)}
        >
          {base ? `Save as version ${base.version + 1}` : 'Save the first version'}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </>
  )
}

/** Saves the spans over the version that they began with; `null` for the first one. */
function useSave(day: string, { fuId, periods }: BoardRow, spans: readonly Span[], onDone: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (over: DispatchSchedule | null) =>
      api.call(operations.saveManualSchedule, {
        params: { fuId, day, kind: 'manual' },
        body: { resolution: 'PT15M', values: valuesOf(spans, periods.length) },
        version: over?.version ?? null,
      }),
    onSuccess: async (schedule) => {
      queries.setQueryData(scheduleQuery(fuId, day, 'manual').queryKey, schedule)
      await queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false })
      onDone()
    },
  })
}

interface SpanRowProps {
  span: Span
  periods: readonly BoardPeriod[]
  maxTurnUpW: number
  /** What is wrong with it, as the end of a sentence. */
  fault: string | null
  onChange: (change: Partial<Span>) => void
  onRemove: () => void
}

function SpanRow({ span, periods, maxTurnUpW, fault, onChange, onRemove }: SpanRowProps) {
  return (
    <div className={styles.span}>
      <Boundary label="From" periods={periods} value={span.first} onChange={(first) => onChange({ first })} />
      <Boundary label="To" periods={periods} value={span.end} end onChange={(end) => onChange({ end })} />
      <NumberInput
        size="xs"
        aria-label="Turn-down, kW"
        rightSection={<span className={styles.unit}>kW</span>}
        rightSectionWidth={30}
        min={maxTurnUpW > 0 ? -maxTurnUpW / 1_000 : 0}
        decimalScale={3}
        hideControls
        value={Number.isFinite(span.turnDownW) ? span.turnDownW / 1_000 : ''}
        error={fault !== null}
        onChange={(value) => onChange({ turnDownW: value === '' ? Number.NaN : Number(value) * 1_000 })}
      />
      <ActionIcon size={28} aria-label="Remove this span" onClick={onRemove}>
        ×
      </ActionIcon>
      {fault && <span className={styles.fault}>This span {fault}.</span>}
    </div>
  )
}

/** What saving would ask for, in figures. */
function Effect({ spans, row }: { spans: readonly Span[]; row: BoardRow }) {
  const values = valuesOf(spans, row.periods.length)
  const asked = values.flatMap((value) => (value === null || value === 0 ? [] : [value]))
  const wh = asked.reduce((sum, value) => sum + Math.abs(value) / 4, 0)
  const outside = values.filter((value, i) => value !== null && row.periods[i]?.contractedW === null).length
  return (
    <>
      <p>
        Asks for {energy(wh)} in {count(asked.length, 'quarter-hour')}.
      </p>
      {outside > 0 && (
        <Notice tone="risk">
          {count(outside, 'quarter-hour')} {outside === 1 ? 'lies' : 'lie'} outside the contracted windows: nothing will
          be sent for {outside === 1 ? 'it' : 'them'}.
        </Notice>
      )}
    </>
  )
}

interface ClashProps {
  board: DispatchBoard
  row: BoardRow
  onTake: (theirs: DispatchSchedule) => void
  onOverwrite: (theirs: DispatchSchedule) => void
}

/** Somebody else saved meanwhile: their version is shown, and the choice is the editor's. */
function Clash({ board, row, onTake, onOverwrite }: ClashProps) {
  const query = useQuery({
    ...scheduleQuery(row.fuId, board.tradingDay, 'manual'),
    staleTime: 0,
    refetchOnMount: 'always',
  })
  const theirs = query.data
  if (!theirs || query.isFetching) return null
  return (
    <Notice tone="risk" title={`${theirs.createdBy} saved version ${theirs.version} meanwhile`}>
      <p>At {dayAndTime(theirs.createdAt, board.tradingDay)}. It asks for:</p>
      <SpanList spans={spansOf(quarterHours(theirs))} periods={row.periods} />
      <div className={styles.actions}>
        <Button onClick={() => onTake(theirs)}>Use theirs</Button>
        <Button onClick={() => onOverwrite(theirs)}>Save mine as version {theirs.version + 1}</Button>
      </div>
    </Notice>
  )
}

interface BoundaryProps {
  label: string
  periods: readonly BoardPeriod[]
  value: number
  /** Whether it is the end of a span, which may be the end of the day. */
  end?: boolean
  onChange: (index: number) => void
}

function Boundary({ label, periods, value, end, onChange }: BoundaryProps) {
  const offset = end ? 1 : 0
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    >
      {periods.map((period, i) => (
        <option key={period.from} value={i + offset}>
          {boundaryTime(periods, i + offset)}
        </option>
      ))}
    </select>
  )
}

/** The contracted windows of the day at their contracted power. */
function contractedSpans(row: BoardRow): Span[] {
  return spansOf(row.periods.map(contractedTurn))
}

/** A new span of an hour behind the last one. */
function nextSpan(spans: readonly Span[], row: BoardRow): Span {
  const last = Math.max(0, ...spans.map((span) => span.end))
  const first = Math.min(last, row.periods.length - 4)
  const contracted = row.periods.find((period) => period.contractedW !== null)
  return { first, end: first + 4, turnDownW: contracted ? (contractedTurn(contracted) ?? 0) : 0 }
}
