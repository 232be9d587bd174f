import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import type { z } from 'zod'
import { operations } from '../../../../schemas/operations.ts'
import type { loadForecast, targetLevel } from '../../../../schemas/planning/load.ts'
import { api } from '../../../shared/api/client.ts'
import { TimeChart } from '../../../shared/chart/time-chart.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { power } from '../../../shared/format/power.ts'
import { loadForecastQuery, targetLevelsQuery } from '../../grid-queries.ts'
import { useRefusal } from '../../session.ts'
import { EnterForecast } from '../forecasts/enter-forecast.tsx'
import styles from './forecast.module.css'
import { forecastInWords, forecastSeries, forecastUnit } from './forecast.ts'

type Forecast = z.infer<typeof loadForecast>
type Target = z.infer<typeof targetLevel>

/** What a node is expected to carry on a day, against the level at which it is to be kept: what products B and C are optimised for. */
export function ForecastSection({ nodeId, day, now }: { nodeId: string; day: string; now: number | null }) {
  const forecast = useQuery(loadForecastQuery(nodeId, day))
  const target = useQuery(targetLevelsQuery).data?.find((each) => each.nodeId === nodeId)
  const isKnown = forecast.data?.values.some((value) => value !== null) ?? false
  return (
    <Section
      title="Expected load, as entered or uploaded"
      actions={
        <>
          {forecast.data && <EnterForecast nodeId={nodeId} day={day} present={forecast.data} />}
          {target && <TargetForm key={keyOf(target)} target={target} />}
        </>
      }
    >
      <Loaded query={forecast}>
        {(data) =>
          isKnown ? (
            <ForecastChart forecast={data} targetW={target?.targetW ?? null} now={now} />
          ) : (
            <p className={styles.none}>
              No load was entered or uploaded for this day. {target && targetInWords(target)}
            </p>
          )
        }
      </Loaded>
      {target && <p className={styles.none}>{reverseInWords(target)}</p>}
    </Section>
  )
}

function targetInWords({ targetW, isSet }: Target): string {
  if (targetW === null) return 'No target level is set, and no rating is known.'
  return `The target level is ${power(targetW)}, ${isSet ? 'set manually' : 'its firm rating'}.`
}

function reverseInWords({ reverseTargetW, isReverseSet }: Target): string {
  if (reverseTargetW === null) return 'No reverse level is set, and no reverse capacity is known.'
  return `Reverse power is kept at or under ${power(reverseTargetW)}, ${isReverseSet ? 'set by hand' : 'its reverse capacity'}.`
}

/** The form starts again when what is in force changes. */
function keyOf({ targetW, isSet, reverseTargetW, isReverseSet }: Target): string {
  return JSON.stringify([targetW, isSet, reverseTargetW, isReverseSet])
}

interface ForecastChartProps {
  forecast: Forecast
  targetW: number | null
  now: number | null
}

function ForecastChart({ forecast, targetW, now }: ForecastChartProps) {
  const series = useMemo(() => forecastSeries(forecast, targetW), [forecast, targetW])
  return (
    <TimeChart
      tradingDay={forecast.tradingDay}
      summary={forecastInWords(forecast, targetW)}
      series={series}
      now={now}
      unit={forecastUnit(forecast, targetW).unit}
      height={240}
    />
  )
}

/** Sets the target level and the reverse level; an empty field gives the node back to its firm rating or its reverse capacity. */
function TargetForm({ target }: { target: Target }) {
  const [kw, setKw] = useState(kwOf(target.isSet, target.targetW))
  const [reverseKw, setReverseKw] = useState(kwOf(target.isReverseSet, target.reverseTargetW))
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const change = useMutation({
    mutationFn: () =>
      api.call(operations.setTargetLevel, {
        params: { nodeId: target.nodeId },
        body: { targetW: wattsOf(kw), reverseTargetW: wattsOf(reverseKw) },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: targetLevelsQuery.queryKey }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <KwField label="Target level" placeholder="firm rating" value={kw} onChange={setKw} />
      <KwField label="Reverse level" placeholder="reverse capacity" value={reverseKw} onChange={setReverseKw} />
      <Button
        type="submit"
        disabled={refusal !== null || Number.isNaN(Number(kw)) || !(Number(reverseKw) >= 0)}
        title={refusal ?? undefined}
        loading={change.isPending}
      >
        Set
      </Button>
      {change.isError && <ProblemNotice error={change.error} />}
    </form>
  )
}

/** What a field starts with: a level that was set by hand, in kW. */
function kwOf(isSet: boolean, watts: number | null): string {
  return isSet && watts !== null ? String(watts / 1_000) : ''
}

function wattsOf(kw: string): number | null {
  return kw.trim() === '' ? null : Number(kw) * 1_000
}

interface KwFieldProps {
  label: string
  placeholder: string
  value: string
  onChange: (kw: string) => void
}

function KwField({ label, placeholder, value, onChange }: KwFieldProps) {
  return (
    <label>
      {label}{' '}
      <input
        className="rm-select"
        inputMode="decimal"
        size={placeholder.length}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />{' '}
      kW
    </label>
  )
}
