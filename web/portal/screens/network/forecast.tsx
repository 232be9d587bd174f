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
    <Section title="Expected load" actions={target && <TargetForm key={target.targetW} target={target} />}>
      <Loaded query={forecast}>
        {(data) =>
          isKnown ? (
            <ForecastChart forecast={data} targetW={target?.targetW ?? null} now={now} />
          ) : (
            <p className={styles.none}>No load is forecast for this day. {target && targetInWords(target)}</p>
          )
        }
      </Loaded>
    </Section>
  )
}

function targetInWords({ targetW, isSet }: Target): string {
  if (targetW === null) return 'No target level is set, and no rating is known.'
  return `The target level is ${power(targetW)}, ${isSet ? 'set manually' : 'its firm rating'}.`
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

/** Sets the target level, or gives the node back to its firm rating. */
function TargetForm({ target }: { target: Target }) {
  const [kw, setKw] = useState(target.isSet && target.targetW !== null ? String(target.targetW / 1_000) : '')
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const change = useMutation({
    mutationFn: () =>
      api.call(operations.setTargetLevel, {
        params: { nodeId: target.nodeId },
        body: { targetW: kw.trim() === '' ? null : Number(kw) * 1_000 },
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: targetLevelsQuery.queryKey }),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <label>
        Target level{' '}
        <input
          className="rm-select"
          inputMode="decimal"
          size={9}
          placeholder="firm rating"
          value={kw}
          onChange={(event) => setKw(event.currentTarget.value)}
        />{' '}
        kW
      </label>
      <Button
        type="submit"
        disabled={refusal !== null || Number.isNaN(Number(kw))}
        title={refusal ?? undefined}
        loading={change.isPending}
      >
        Set
      </Button>
      {change.isError && <ProblemNotice error={change.error} />}
    </form>
  )
}
